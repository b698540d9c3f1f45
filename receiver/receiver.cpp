#include "receiver/receiver.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"

namespace monitor::receiver {
namespace {

using namespace std::chrono_literals;

// Heartbeats, slow senders, retention.
constexpr auto kTick = 1s;
// One transaction: more would not make it cheaper for each, but the first of them would wait
// longer.
constexpr std::size_t kBatchEvents = kMostAtOnce;
constexpr std::size_t kBatchBytes = 8 << 20;
// Retention deletes little at a time, between commits, and faster than events come in: so many at
// each tick and for each kRetireEvery new events.
constexpr std::uint64_t kRetireAtOnce = 2000;
constexpr std::uint64_t kRetireEvery = 1000;
// How long those who are sending when we are told to end get to finish. systemd and people wait
// some seconds.
constexpr auto kDrainTime = 3s;
constexpr auto kDrainLook = 20ms;

http::ServerSettings server_settings(const ReceiverOptions& options) {
  http::ServerSettings settings;
  settings.host = options.host;
  settings.port = options.port;
  settings.inherited = options.socket;
  settings.certificate = http::ServerCertificate::read(options.tls);
  settings.max_body = options.max_body;
  settings.max_connections = static_cast<unsigned>(options.max_connections);
  settings.request_time = options.request_time;
  settings.max_bodies = std::max(settings.max_bodies, 2 * options.max_body);
  return settings;
}

// A stream's id needs no escaping.
http::Response acceptance(const feed::Event& event) {
  return http::json_response(200, fmt::format(R"({{"status":"accepted","stream":"{}","seq":{}}})",
                                              event.stream, event.seq));
}

// The front of `waiting` that fits one transaction.
std::span<Accepted> first_batch(std::span<Accepted> waiting) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < waiting.size() && count < kBatchEvents && bytes < kBatchBytes) {
    bytes += waiting[count++].event.body.size();
  }
  return waiting.first(count);
}

}  // namespace

Receiver::Receiver(const ReceiverOptions& options, const system::Signals& signals,
                   http::Fetcher& fetcher)
    : options_(options),
      signals_(signals),
      fetcher_(fetcher),
      state_lock_(system::claim_directory(options.state)),
      journal_(options.state),
      retention_clock_(journal_.newest_at()),
      checkpointer_(journal_),
      policy_(std::make_shared<const Policy>(options)),
      outlet_(options, read_feed_access(options), journal_, policy_, counters_),
      queue_(static_cast<std::size_t>(options.max_pending)),
      intake_(options, policy_, queue_, counters_, server_, fetcher),
      server_(server_settings(options)),
      next_tick_(Clock::now()) {
  counters_.last_seq = journal_.last_seq();
  measure_journal();
}

// Nobody may be left suspended when the server is destroyed. Who still asks is answered 503.
Receiver::~Receiver() {
  intake_.close();
  queue_.close();
}

void Receiver::run() {
  server_.start(intake_);
  announce();
  while (!told_to_end()) {
    tick_when_due();
    wait(next_tick_);
    work_off_queue();
  }
  drain();
}

void Receiver::announce() const {
  system::log_info(fmt::format("listening on {}", server_.url()));
  system::log_info(fmt::format("give providers the URL {}/webhook/statuspage{}",
                               server_.public_url(), policy_.get()->open() ? "" : "?token=TOKEN"));
  system::log_info(policy_.get()->summary());
  system::log_info(outlet_.places());
  if (const std::string guests = outlet_.guests(); !guests.empty()) {
    system::log_info(guests);
  }
  system::log_info(fmt::format("journal {}: stream {}, {} events, last seq {}", journal_.path(),
                               journal_.stream(), journal_.last_seq() + 1 - journal_.first_seq(),
                               journal_.last_seq()));
  system::notify_ready(fmt::format("listening on {}", server_.url()));
}

bool Receiver::told_to_end() {
  while (const auto signal = signals_.take()) {
    if (*signal == system::Signal::terminate) {
      return true;
    }
    if (*signal == system::Signal::reload) {
      reload();
    }
  }
  return false;
}

// A broken file changes nothing: webhooks go on being judged as before.
void Receiver::reload() {
  try {
    auto policy = std::make_shared<const Policy>(options_);
    auto certificate = http::ServerCertificate::read(options_.tls);
    FeedAccess access = read_feed_access(options_);
    system::log_info(fmt::format("reloaded: {}", policy->summary()));
    policy_.set(std::move(policy));
    server_.show(std::move(certificate));
    outlet_.admit(std::move(access));
    if (const std::string guests = outlet_.guests(); !guests.empty()) {
      system::log_info(guests);
    }
  } catch (const system::ConfigError& error) {
    system::log_error(
        fmt::format("{}; nothing is changed, what was read before stays in force", error.what()));
  }
}

void Receiver::wait(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  pollfd fds[] = {{signals_.fd(), POLLIN, 0}, {queue_.fd(), POLLIN, 0}};
  ::poll(fds, 2, static_cast<int>(std::max(left, 0ms).count()));
}

void Receiver::work_off_queue() {
  std::vector<Accepted> waiting = queue_.take();
  for (std::span<Accepted> left(waiting); !left.empty();) {
    const std::span<Accepted> batch = first_batch(left);
    left = left.subspan(batch.size());
    commit(batch);
    counters_.pending -= batch.size();
    tick_when_due();
  }
}

void Receiver::commit(std::span<Accepted> batch) {
  std::vector<feed::Event*> events;
  std::transform(batch.begin(), batch.end(), std::back_inserter(events),
                 [](Accepted& accepted) { return &accepted.event; });
  const auto began = Clock::now();
  if (const auto reason = journal_.append(events)) {
    give_back(batch, *reason);
  } else {
    counters_.commit_time.observe(Clock::now() - began);
    keep(batch);
  }
  if (checkpointer_.wants_restart()) {
    journal_.restart_wal();
  }
  since_retired_ += batch.size();
  if (since_retired_ >= kRetireEvery) {
    retire();
  }
}

// They are on disk: everybody may know.
void Receiver::keep(std::span<Accepted> batch) {
  if (!counters_.trouble().empty()) {
    counters_.set_trouble("");
    system::log_info("the journal can be written again, webhooks are taken");
  }
  counters_.last_seq = journal_.last_seq();
  for (const Accepted& accepted : batch) {
    outlet_.publish(accepted.event);
  }
  count(batch);
  // Answered in one go, so that the server's thread is not woken for each.
  for (Accepted& accepted : batch) {
    const feed::Event& event = accepted.event;
    if (options_.debug) {
      system::log(system::Level::debug,
                  fmt::format("{}: 200 seq {} from {}, {} bytes", accepted.exchange.request().path,
                              event.seq, event.provider, event.body.size()));
    }
    accepted.exchange.answer(acceptance(event));
  }
}

void Receiver::count(std::span<const Accepted> batch) {
  counters_.accepted += batch.size();
  counters_.commit_events.observe(batch.size());
  if (counters_.oldest_at == 0) {
    counters_.oldest_at = system::to_microseconds(batch.front().event.received_at);
  }
  const auto policy = policy_.get();
  for (const Accepted& accepted : batch) {
    const feed::Event& event = accepted.event;
    counters_.tests += event.test ? 1 : 0;
    counters_.by_format.add(event.format, true);
    counters_.by_provider.add(event.provider, policy->providers().find(event.provider) != nullptr);
  }
}

void Receiver::give_back(std::span<Accepted> batch, const std::string& reason) {
  if (counters_.trouble().empty()) {
    system::log_error(fmt::format(
        "cannot write the journal {}: {}; webhooks are answered 503 until it works again",
        journal_.path(), reason));
  }
  counters_.set_trouble(reason);
  counters_.not_kept += batch.size();
  for (Accepted& accepted : batch) {
    accepted.exchange.answer(try_again("the journal can't be written at the moment, try again"));
  }
}

void Receiver::tick_when_due() {
  system::notify_alive();
  const auto now = Clock::now();
  if (now < next_tick_) {
    return;
  }
  next_tick_ = now + kTick;
  outlet_.heartbeat(journal_.stream(), journal_.last_seq());
  server_.sweep();
  retire();
  const std::string trouble = counters_.trouble();
  system::notify_status(
      trouble.empty() ? fmt::format("listening on {}, {} webhooks taken, last seq {}",
                                    server_.url(), counters_.accepted.load(), journal_.last_seq())
                      : fmt::format("cannot write the journal: {}", trouble));
}

void Receiver::retire() {
  since_retired_ = 0;
  try {
    counters_.retired += journal_.retire(options_.keep, time_for_retention(), kRetireAtOnce);
    measure_journal();
    retiring_trouble_.clear();
  } catch (const storage::Error& error) {  // at every tick, most likely
    const bool news = std::exchange(retiring_trouble_, error.what()) != error.what();
    if (news && counters_.trouble().empty()) {
      system::log_error(fmt::format("cannot delete old events from the journal: {}", error.what()));
    }
  }
}

system::Time Receiver::time_for_retention() {
  const bool doubted = retention_clock_.doubts();
  const system::Time now = retention_clock_.now(system::now(), Clock::now());
  if (!doubted && retention_clock_.doubts()) {
    system::log_warning(fmt::format(
        "the clock is ahead of what was to be expected ({}, not {}): nothing is deleted for its "
        "age by it for an hour; if it is wrong, set it",
        system::to_rfc3339_seconds(system::now()), system::to_rfc3339_seconds(now)));
  }
  return now;
}

void Receiver::measure_journal() {
  counters_.first_seq = journal_.first_seq();
  counters_.journal_bytes = journal_.bytes();
  const auto oldest = journal_.oldest_at();
  counters_.oldest_at = oldest ? system::to_microseconds(*oldest) : 0;
}

void Receiver::drain() {
  system::notify_stopping();
  server_.close_door();
  fetcher_.give_up();
  const auto deadline = Clock::now() + kDrainTime;
  do {  // at least once: somebody may be coming through the door just now
    work_off_queue();
    wait(Clock::now() + kDrainLook);
    if (told_to_end()) {
      system::log_warning("told to end a second time: leaving at once");
      break;
    }
  } while (!server_.dismiss_idlers() && Clock::now() < deadline);
  queue_.close();
  system::log_info(fmt::format("left after {} webhooks, last seq {}", counters_.accepted.load(),
                               journal_.last_seq()));
}

}  // namespace monitor::receiver
