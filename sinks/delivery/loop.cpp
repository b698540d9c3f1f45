#include "sinks/delivery/loop.h"

#include <fmt/format.h>
#include <poll.h>

#include <random>
#include <utility>

#include "lib/status/text.h"
#include "lib/system/log.h"
#include "lib/system/service.h"

namespace monitor::delivery {
namespace {

using namespace std::chrono_literals;

// How often an idle sink looks whether its STATUS= is still true; often until the feed is there,
// because others wait for that.
constexpr auto kIdlePatience = 1000ms;
constexpr auto kJoiningPatience = 50ms;
// Of a reason, in STATUS=: what `systemctl status` shows on a line.
constexpr std::size_t kMaxReason = 200;

}  // namespace

Tempo real_tempo(Orders& orders) {
  return {.random =
              [engine = std::mt19937(std::random_device{}())]() mutable {
                return std::uniform_real_distribution<double>(0, 1)(engine);
              },
          .pause = [&orders](std::chrono::milliseconds time) { orders.wait(time); }};
}

// What is tried until it works: how often by now, and the last reason why not.
struct Loop::Retrying {
  Retrying(const Tempo& tempo, const char* verb) : backoff(tempo.random), what(verb) {}
  Backoff backoff;
  const char* what;
  int tries = 0;
  std::string reason;
};

Loop::Loop(EventSource& source, Ledger& ledger, Sink& sink, Orders& orders, status::Filter filter,
           Tempo tempo)
    : source_(source),
      ledger_(ledger),
      sink_(sink),
      orders_(orders),
      filter_(std::move(filter)),
      tempo_(std::move(tempo)) {
  for (const auto& [stream, seq] : ledger_.cursors()) {
    streams_.insert(stream);
  }
}

void Loop::run() {
  status_ = "waiting for the feed";
  system::notify_ready(status_);
  while (!orders_.stop()) {
    step();
  }
  system::notify_stopping();
  if (!batch_.empty()) {
    sink_.settle();
    ledger_.write(batch_);
  }
}

void Loop::step() {
  pollfd wake{orders_.fd(), POLLIN, 0};
  const auto event = source_.next(patience(), {&wake, 1});
  orders_.take();
  obey();
  if (orders_.stop()) {
    return;  // the cursor has not moved over `event`: it comes again
  }
  if (event) {
    take(*event);
    settle_when_due();
    return;
  }
  learn_first_positions();
  settle();
  tell();
}

std::chrono::milliseconds Loop::patience() const {
  if (!batch_.empty()) {
    return 0ms;
  }
  return following_ ? kIdlePatience : kJoiningPatience;
}

void Loop::take(const feed::Event& event) {
  // Known before the first delivery is tried, so that a restart in the middle of it does not begin
  // "live" behind it.
  first_position(event.stream, event.seq - 1);
  const status::Reading reading = feed::read_updates(event);
  if (!reading.recognised) {
    unknown_.tell(event, reading.shape);
  }
  for (const status::StatusUpdate& update : reading.updates) {
    if (orders_.stop() || !take(event, update)) {
      return;  // the keys of those that were delivered are kept, the cursor is not moved
    }
  }
  batch_.cursors[event.stream] = event.seq;
  ++batch_.events;
}

// False: stopped before its fate was known; so is deliver().
bool Loop::take(const feed::Event& event, const status::StatusUpdate& update) {
  const std::string key = update.key();
  if (!filter_.accepts(update) || batch_.has(key) || ledger_.knows(key)) {
    return true;
  }
  if (!deliver(event, {update, status::to_json(update)}, key)) {
    return false;
  }
  settle_when_due();
  return true;
}

bool Loop::deliver(const feed::Event& event, const Delivery& delivery, const std::string& key) {
  Retrying retrying(tempo_, "deliver");
  Outcome outcome = sink_.deliver(delivery);
  while (outcome.kind == Outcome::Kind::retry) {
    if (!hold(retrying, outcome.reason)) {
      return false;
    }
    outcome = sink_.deliver(delivery);
  }
  batch_.keys.push_back(key);
  if (outcome.kind == Outcome::Kind::delivered) {
    ++delivered_;
    if (retrying.tries > 0) {
      system::log_info(fmt::format("delivered at try {}", retrying.tries + 1));
    }
    return true;
  }
  ++rejected_;
  system::log_warning(
      fmt::format("an update of {} (seq {}) is rejected and kept as a dead letter: {}",
                  delivery.update.provider, event.seq, outcome.reason));
  batch_.dead_letters.push_back(
      {key, event.stream, event.seq, system::now(), outcome.reason, delivery.json});
  return true;
}

// Waits before another try. False: stopped.
bool Loop::hold(Retrying& retrying, const std::string& reason) {
  ++retrying.tries;
  if (std::exchange(retrying.reason, reason) != reason) {
    system::log_warning(
        fmt::format("cannot {}: {}; trying again until it works", retrying.what, reason));
  }
  tell(reason);
  // A stop that ended the try itself must not be waited out.
  if (!orders_.stop()) {
    tempo_.pause(retrying.backoff.next());
    orders_.take();
    obey();
  }
  return !orders_.stop();
}

void Loop::settle_when_due() {
  if (batch_.keys.size() >= sink_.group() || batch_.events >= kEventsPerCommit) {
    settle();
    tell();
  }
}

void Loop::settle() {
  if (!batch_.empty()) {
    sink_.settle();
    write_batch();
  }
}

// A full disk is waited for like a destination that is away: what was delivered must not be
// delivered again and again.
void Loop::write_batch() {
  Retrying retrying(tempo_, "save the cursor");
  for (;;) {
    try {
      ledger_.write(batch_);
      batch_ = Batch();
      return;
    } catch (const storage::Error& error) {
      if (!hold(retrying, error.what())) {
        return;  // run() tries once more
      }
    }
  }
}

// Where a sink without a cursor begins live is its cursor from then on: after a restart it misses
// nothing that came since.
void Loop::learn_first_positions() {
  for (const auto& [stream, seq] : source_.progress().cursors) {
    first_position(stream, seq);
  }
}

void Loop::first_position(const std::string& stream, std::uint64_t seq) {
  if (streams_.insert(stream).second) {
    batch_.cursors[stream] = seq;
    settle();
  }
}

void Loop::obey() {
  if (orders_.take_reload()) {
    sink_.settle();
    sink_.reopen();
    system::log_info("reopened");
  }
}

void Loop::tell(const std::string& retrying) {
  const auto progress = source_.progress();
  following_ = progress.following;
  std::string now = following_ ? "following" : "waiting for the feed";
  now += fmt::format(", delivered {}, rejected {}, {} behind", delivered_, rejected_, progress.lag);
  if (progress.silent) {
    now += ", the feed is silent";
  }
  if (!retrying.empty()) {
    now += "; retrying: " + status::cut(status::to_line(retrying), kMaxReason);
  }
  if (now != status_) {
    status_ = std::move(now);
    system::notify_status(status_);
  }
}

}  // namespace monitor::delivery
