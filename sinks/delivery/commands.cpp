#include "sinks/delivery/commands.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "lib/status/text.h"
#include "lib/system/error.h"
#include "lib/system/service.h"
#include "sinks/delivery/ledger.h"

namespace monitor::delivery {
namespace {

using Clock = std::chrono::steady_clock;

// So long the receivers may take to say how far they are.
constexpr std::chrono::seconds kAsking{2};
// Of a letter's reason and text, in the list: a line of a terminal or two.
constexpr std::size_t kMaxListed = 160;

Ledger open_ledger(const std::string& state) {
  const std::string path = state + "/sink.db";
  if (!std::filesystem::exists(path)) {
    system::fail(fmt::format("look into {}", path), "no sink has run with this --state");
  }
  return Ledger(storage::Database::open(path, storage::Database::Mode::read_write));
}

std::string time_or_never(const std::optional<system::Time>& time) {
  return time ? system::to_rfc3339_seconds(*time) : "never";
}

std::optional<std::int64_t> number_of(const std::string& id) {
  std::int64_t number = 0;
  const char* const end = id.data() + id.size();
  const auto [at, error] = std::from_chars(id.data(), end, number);
  if (error != std::errc() || at != end) {
    throw system::UsageError(fmt::format(
        "cannot redeliver \"{}\": give the number of a dead letter (--dead-letters lists them), or "
        "all",
        id));
  }
  return number;
}

std::optional<std::uint64_t> lag_of(const std::vector<feed::Source>& sources,
                                    const feed::Cursors& cursors) {
  feed::Subscriber subscriber({.sources = sources, .cursors = cursors, .begin = feed::Begin::live});
  const auto until = Clock::now() + kAsking;
  while (Clock::now() < until) {
    subscriber.next(std::chrono::milliseconds(20), {});
    const auto progress = subscriber.progress();
    if (progress.following) {
      std::uint64_t lag = progress.lag;
      for (const auto& [stream, seq] : progress.cursors) {
        const auto known = cursors.find(stream);
        lag += known != cursors.end() && seq > known->second ? seq - known->second : 0;
      }
      return lag;
    }
  }
  return std::nullopt;
}

}  // namespace

int list_dead_letters(const std::string& state) {
  for (const DeadLetter& letter : open_ledger(state).dead_letters()) {
    const auto update = status::from_json(letter.json);
    fmt::print("{}  {}  {}  {}\n    {}\n", letter.id, system::to_rfc3339_seconds(letter.at),
               update ? update->provider : "?",
               update ? status::cut(update->message, kMaxListed) : "",
               status::cut(status::to_line(letter.reason), kMaxListed));
  }
  return system::kExitOk;
}

bool mark_for_redelivery(const std::string& state, const std::string& id) {
  const auto number = id == "all" ? std::nullopt : number_of(id);
  const std::int64_t marked = open_ledger(state).redeliver(number);
  if (marked == 0) {
    system::fail("redeliver " + id, "there is no such dead letter, or it is under way");
  }
  fmt::print("{} to be delivered again\n", marked);
  std::fflush(stdout);
  try {
    system::claim_directory(state);
    return false;
  } catch (const system::Failure&) {
    std::ofstream(state + "/" + kRedeliverName) << '\n';  // closed here, which is what is noticed
    return true;
  }
}

int show_status(const std::string& program, const std::string& state,
                const std::vector<feed::Source>& sources) {
  Ledger ledger = open_ledger(state);
  const Totals totals = ledger.totals();
  const feed::Cursors cursors = ledger.cursors();
  const auto lag = lag_of(sources, cursors);
  fmt::print("{}\n", program);
  for (const auto& [stream, seq] : cursors) {
    fmt::print("cursor         {} {}\n", stream, seq);
  }
  fmt::print("behind         {}\n", lag ? fmt::format("{} events", *lag) : "unknown: no receiver");
  fmt::print("delivered      {}, last {}\n", totals.delivered, time_or_never(totals.last_success));
  fmt::print("rejected       {}, muted {}\n", totals.rejected, totals.muted);
  fmt::print("held back      {} incidents\n", ledger.waiting_incidents());
  fmt::print("dead letters   {}\n", ledger.dead_letters().size());
  fmt::print("last error     {}{}\n", time_or_never(totals.last_failure),
             totals.last_reason.empty() ? "" : ": " + status::to_line(totals.last_reason));
  return system::kExitOk;
}

}  // namespace monitor::delivery
