#include "sinks/delivery/loop.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <random>
#include <utility>

#include "lib/status/text.h"
#include "lib/system/log.h"
#include "lib/system/service.h"

namespace monitor::delivery {
namespace {

using namespace std::chrono_literals;

// How often an idle sink looks whether its STATUS= is still true and its quiet hours are over;
// often until the feed is there, because others wait for that.
constexpr auto kIdlePatience = 1000ms;
constexpr auto kJoiningPatience = 50ms;
// What was delivered is written down however long that takes.
constexpr auto kNever = std::chrono::hours(24 * 365);

// A sink that waits for its destination is well all the same.
void pause(Orders& orders, std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  for (auto left = time; left > 0ms && !orders.stop() && !orders.reload_wanted();
       left =
           std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now())) {
    system::notify_alive();
    orders.wait(std::min(left, std::chrono::milliseconds(kIdlePatience)));
  }
}

}  // namespace

Tempo real_tempo(Orders& orders) {
  return {.random =
              [engine = std::mt19937(std::random_device{}())]() mutable {
                return std::uniform_real_distribution<double>(0, 1)(engine);
              },
          .pause = [&orders](std::chrono::milliseconds time) { pause(orders, time); }};
}

std::string in_words(const Missed& missed) {
  return fmt::format("{} updates of {} incidents while away; the latest of each follows",
                     missed.updates, missed.incidents);
}

Loop::Loop(Parts parts, Selection selection, LoopSettings settings, Tempo tempo)
    : parts_(std::move(parts)),
      selection_(std::move(selection)),
      settings_(settings),
      tempo_(std::move(tempo)),
      courier_(settings.patience, tempo_, boss()),
      clerk_({.give_up_after = kNever}, tempo_, boss()) {
  const feed::Cursors cursors = parts_.ledger.cursors();
  for (const auto& [stream, seq] : cursors) {
    streams_.insert(stream);
  }
  if (cursors.empty() && settings.from_start) {
    parts_.ledger.set_takes_history(true);
  }
  takes_history_ = parts_.ledger.takes_history();
  waiting_ = parts_.ledger.next_waiting().has_value();
  totals_ = parts_.ledger.totals();
}

Courier::Boss Loop::boss() {
  return {.failed = [this](const std::string& reason) { note_failure(reason); },
          .waits = [this](const std::string& reason) { tell({.why = reason}); },
          .go_on = [this] { return go_on(); }};
}

void Loop::run() {
  system::notify_ready("waiting for the feed");
  redeliver();
  while (!parts_.orders.stop()) {
    step();
  }
  end();
}

void Loop::run_redelivery() {
  redeliver();
  end();
}

void Loop::end() {
  system::notify_stopping();
  if (!batch_.empty()) {
    parts_.sink.settle();
    batch_.totals = totals_;
    parts_.ledger.write(batch_);
  }
  parts_.report.write_metrics(parts_.source.progress(), totals_, parts_.ledger.waiting_incidents());
}

void Loop::step() {
  std::array<pollfd, 2> wake{{{parts_.orders.fd(), POLLIN, 0}, {parts_.redeliver, POLLIN, 0}}};
  const auto event = parts_.source.next(patience(), wake);
  if (!go_on()) {
    return;  // the cursor has not moved over `event`: it comes again
  }
  if (event) {
    take(*event);
    settle_when_due();
  } else {
    rest();
  }
  if (wake[1].revents != 0) {
    parts_.acknowledge();
    redeliver();
  }
}

// Nothing has come.
void Loop::rest() {
  learn_first_positions();
  settle();
  const auto progress = parts_.source.progress();
  if (progress.following && progress.lag == 0) {  // before, more may have been missed
    if (std::exchange(takes_history_, false)) {
      batch_.takes_history = false;
      settle();
    }
    catch_up();
  }
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
    if (parts_.orders.stop() || !take(event, update)) {
      return;  // the keys of those that were delivered are kept, the cursor is not moved
    }
  }
  batch_.cursors[event.stream] = event.seq;
  ++batch_.events;
}

// False: stopped before its fate was known; so are catch_up() and deliver().
bool Loop::take(const feed::Event& event, const status::StatusUpdate& update) {
  if (!wants(update)) {
    return true;
  }
  const std::string key = update.key();
  if (batch_.has(key) || parts_.ledger.knows(key)) {
    return true;
  }
  const system::Time now = tempo_.now();
  if (selection_.mutes(update, now)) {
    ++totals_.muted;
    return true;
  }
  if (is_late(event) || selection_.must_wait(update, now)) {
    put_off(update, key);
    return true;
  }
  // In quiet hours what waits goes on waiting.
  if (!selection_.is_quiet(now) && !catch_up()) {
    return false;
  }
  if (!deliver(update, status::to_json(update))) {
    return false;
  }
  if (waiting_ && settings_.late) {
    batch_.told.push_back(incident_key(update));  // what waited of it is older
    settle();                                     // what is put off from now on is not
  }
  settle_when_due();
  return true;
}

// An incident that was told of once, or is to be, is told of to its end, however mild it becomes.
bool Loop::wants(const status::StatusUpdate& update) {
  return selection_.wants(update) &&
         (selection_.is_grave(update) || remembered(incident_key(update)));
}

bool Loop::is_late(const feed::Event& event) const {
  return settings_.late && !takes_history_ && tempo_.now() - event.received_at > *settings_.late;
}

void Loop::put_off(const status::StatusUpdate& update, const std::string& key) {
  batch_.keys.push_back(key);
  const std::string incident = incident_key(update);
  batch_.waiting.push_back({settings_.late ? incident : key, status::to_json(update)});
  batch_.memory[incident] = remembered(incident).value_or("");  // see wants()
  waiting_ = true;
}

// Tells what has waited, unless it has to wait longer.
bool Loop::catch_up() {
  if (!waiting_ || selection_.is_quiet(tempo_.now())) {
    return true;
  }
  settle();
  if (parts_.ledger.next_waiting() && !announce()) {
    return false;
  }
  while (const auto next = parts_.ledger.next_waiting()) {
    if (!go_on() || !tell_waiting(*next)) {
      return false;
    }
  }
  waiting_ = false;
  return true;
}

bool Loop::announce() {
  const Missed missed{.updates = parts_.ledger.waiting_updates(),
                      .incidents = parts_.ledger.waiting_incidents(),
                      .key = "missed-" + status::from_json(parts_.ledger.next_waiting()->json)
                                             .value_or(status::StatusUpdate())
                                             .key()};
  if (!settings_.late || missed.updates < 2 || parts_.ledger.announced()) {
    return true;
  }
  system::log_info(in_words(missed));
  const auto outcome = courier_.bring([&] { return parts_.sink.announce(missed); }, tempo_.now());
  if (outcome) {
    batch_.announced = true;
    settle();
  }
  return outcome.has_value();
}

bool Loop::tell_waiting(const Waiting& waiting) {
  const auto update = status::from_json(waiting.json);
  if (update && !selection_.mutes(*update, tempo_.now()) && !deliver(*update, waiting.json)) {
    return false;
  }
  batch_.told.push_back(waiting.place);
  settle();
  return !parts_.orders.stop();
}

bool Loop::redeliver() {
  for (const DeadLetter& letter : parts_.ledger.due_letters()) {
    const auto update = status::from_json(letter.json);
    if (!go_on() || (update && !deliver(*update, letter.json))) {
      return false;
    }
    batch_.redelivered.push_back(letter.id);
    settle();
  }
  return true;
}

bool Loop::deliver(const status::StatusUpdate& update, std::string json) {
  const std::string incident = incident_key(update);
  const Delivery delivery{.update = update,
                          .json = std::move(json),
                          .key = update.key(),
                          .remembered = remembered(incident).value_or("")};
  const auto outcome =
      courier_.bring([&] { return parts_.sink.deliver(delivery); }, update.received_at);
  if (!outcome) {
    return false;
  }
  batch_.keys.push_back(delivery.key);
  if (outcome->kind == Outcome::Kind::rejected) {
    bury(delivery, outcome->reason);
    return true;
  }
  ++totals_.delivered;
  totals_.last_success = tempo_.now();
  batch_.memory[incident] = outcome->remember.value_or(delivery.remembered);
  return true;
}

std::optional<std::string> Loop::remembered(const std::string& incident) {
  const auto fresh = batch_.memory.find(incident);
  return fresh != batch_.memory.end() ? std::optional(fresh->second)
                                      : parts_.ledger.remembered(incident);
}

void Loop::bury(const Delivery& delivery, const std::string& reason) {
  ++totals_.rejected;
  totals_.last_failure = tempo_.now();
  totals_.last_reason = reason;
  system::log_warning(
      fmt::format("an update of {} (seq {}) is rejected and kept as a dead letter: {}",
                  delivery.update.provider, delivery.update.seq, reason));
  batch_.dead_letters.push_back({.key = delivery.key,
                                 .stream = delivery.update.stream,
                                 .seq = delivery.update.seq,
                                 .at = tempo_.now(),
                                 .reason = reason,
                                 .json = delivery.json});
}

void Loop::settle_when_due() {
  if (batch_.keys.size() >= parts_.sink.group() || batch_.events >= kEventsPerCommit) {
    settle();
    tell();
  }
}

void Loop::settle() {
  if (!batch_.empty()) {
    parts_.sink.settle();
    write_batch();
  }
}

// A full disk is waited for like a destination that is away: what was delivered must not be
// delivered again and again. end() tries once more.
void Loop::write_batch() {
  batch_.totals = totals_;
  const auto write = [this] {
    try {
      parts_.ledger.write(batch_);
      batch_ = Batch();
      return Outcome::delivered();
    } catch (const storage::Error& error) {
      return Outcome::retry(error.what());
    }
  };
  clerk_.bring(write, tempo_.now(), "save the cursor");
}

// Where a sink without a cursor begins live is its cursor from then on: after a restart it misses
// nothing that came since.
void Loop::learn_first_positions() {
  for (const auto& [stream, seq] : parts_.source.progress().cursors) {
    first_position(stream, seq);
  }
}

void Loop::first_position(const std::string& stream, std::uint64_t seq) {
  if (streams_.insert(stream).second) {
    batch_.cursors[stream] = seq;
    settle();
  }
}

bool Loop::go_on() {
  system::notify_alive();
  parts_.orders.take();
  obey();
  return !parts_.orders.stop();
}

void Loop::obey() {
  if (parts_.orders.take_reload()) {
    selection_.reload();
    parts_.sink.settle();
    parts_.sink.reopen();
    system::log_info("reopened");
  }
}

// Who looks in from outside while nothing works shall see why.
void Loop::note_failure(const std::string& reason) {
  totals_.last_failure = tempo_.now();
  totals_.last_reason = reason;
  try {
    parts_.ledger.note_failure(totals_);
  } catch (const storage::Error&) {
    // The next batch brings it, or says that it can't be written.
  }
  tell({.why = reason, .failing = true});
}

void Loop::tell(const Holdup& holdup) {
  const auto progress = parts_.source.progress();
  following_ = progress.following;
  parts_.report.tell(progress, totals_, waiting_ ? parts_.ledger.waiting_incidents() : 0, holdup);
}

}  // namespace monitor::delivery
