// Writes a receiver's journal as 13 months of many status pages would have left it (scenario.h),
// for scripts/fill-journal and scripts/bench-store, and beside it providers.toml, by which the
// receiver that serves it reads the pages that no format is written for. Refuses a journal that has
// events.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

#include "lib/status/time.h"
#include "lib/system/error.h"
#include "lib/system/options.h"
#include "receiver/journal.h"
#include "tests/bench/scenario.h"
#include "tests/bench/scenario_bodies.h"

namespace {

using namespace monitor;

// Each transaction is synced; between some of them the WAL is copied, so that it stays small.
constexpr std::size_t kTransaction = 5000;

struct Settings {
  int updates = 1'000'000;
  int providers = 400;
  int seed = 1;
  std::string state;
  std::string until;
};

bool read_settings(int argc, char** argv, Settings& settings) {
  system::Options options("bench-fill-journal",
                          "Fills a receiver's journal with made-up webhooks.");
  options.number("--updates", settings.updates, 1, 100'000'000, "How many updates");
  options.number("--providers", settings.providers, 1, 10'000, "Of how many providers");
  options.number("--seed", settings.seed, 0, 1'000'000'000, "Another seed, other webhooks");
  options.text("--until", settings.until, "TIME", "When the last came in (RFC 3339); default: now");
  options.text("--state", settings.state, "DIR", "The receiver's directory");
  if (!options.parse(argc, argv)) {
    return false;
  }
  if (settings.state.empty()) {
    throw system::UsageError("--state DIR is needed");
  }
  return true;
}

system::Time end_of(const std::string& until) {
  if (until.empty()) {
    return system::now();
  }
  const auto time = status::parse_time(until);
  if (!time) {
    throw system::UsageError(fmt::format("--until {} is no time", until));
  }
  return *time;
}

feed::Event event_of(const bench::Scenario& scenario, const bench::Telling& telling) {
  const bench::Life& life = scenario.lives[telling.life];
  const bench::Provider& provider = scenario.providers[life.provider];
  return {.stream = {},
          .seq = 0,
          .received_at = telling.received_at,
          .format = std::string(provider.format),
          .provider = provider.slug,
          .provider_name = provider.name,
          .body = bench::body_of(telling, life, provider)};
}

void append(receiver::Journal& journal, std::vector<feed::Event>& events) {
  std::vector<feed::Event*> pointers;
  for (feed::Event& event : events) {
    pointers.push_back(&event);
  }
  if (const auto problem = journal.append(pointers)) {
    system::fail("write " + journal.path(), *problem);
  }
  journal.restart_wal();
  events.clear();
}

void fill(receiver::Journal& journal, const bench::Scenario& scenario) {
  std::vector<feed::Event> events;
  for (const bench::Telling& telling : scenario.tellings) {
    events.push_back(event_of(scenario, telling));
    if (events.size() == kTransaction) {
      append(journal, events);
    }
  }
  append(journal, events);
}

void write_providers(const std::string& path, const bench::Scenario& scenario) {
  std::ofstream file(path);
  for (const bench::Provider& provider : scenario.providers) {
    if (provider.format == "generic") {
      file << bench::provider_entry(provider);
    }
  }
  if (!file.flush()) {
    system::fail_errno("write " + path);
  }
}

void report(receiver::Journal& journal, const bench::Scenario& scenario) {
  const auto lives = [&](status::Kind kind) {
    return std::count_if(scenario.lives.begin(), scenario.lives.end(),
                         [&](const bench::Life& life) { return life.kind == kind; });
  };
  fmt::print(
      "{} webhooks of {} providers: {} incidents and {} maintenances; bodies of {} bytes, "
      "journal of {} bytes\n",
      scenario.tellings.size(), scenario.providers.size(), lives(status::Kind::incident),
      lives(status::Kind::maintenance), journal.appended_bytes(), journal.bytes());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Settings settings;
    if (!read_settings(argc, argv, settings)) {
      return system::kExitOk;
    }
    std::filesystem::create_directories(settings.state);
    receiver::Journal journal(settings.state);
    if (journal.last_seq() > 0) {
      system::fail("fill " + journal.path(), "it has events already");
    }
    const bench::Scenario scenario =
        bench::make_scenario({.updates = static_cast<std::size_t>(settings.updates),
                              .providers = static_cast<std::size_t>(settings.providers),
                              .seed = static_cast<std::uint64_t>(settings.seed),
                              .until = end_of(settings.until)});
    write_providers(settings.state + "/providers.toml", scenario);
    fill(journal, scenario);
    report(journal, scenario);
    return system::kExitOk;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
