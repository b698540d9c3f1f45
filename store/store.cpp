#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"
#include "store/archive/schema.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;

// One transaction takes what is at hand and no more than this: enough that its fixed cost vanishes,
// little enough that readers see news at once and a second TERM is heard.
constexpr std::size_t kBatchEvents = 500;
constexpr std::size_t kBatchBytes = 4 << 20;  // of bodies; parsed they take some times that
constexpr auto kBatchTime = 100ms;

// Idle connections and slow requests are looked at, and the operator told, this often.
constexpr auto kBeat = 1s;

// A disk that was full is tried again soon, one that stays full is left in peace.
constexpr auto kFirstRetry = 500ms;
constexpr auto kLastRetry = 10s;

// Answers under way at TERM get so long; each takes milliseconds.
constexpr auto kClosing = 2s;
constexpr auto kClosingStep = 20ms;

feed::SubscriberSettings follow(const Settings& settings, Archive& archive) {
  return {.sources = settings.sources, .cursors = archive.cursors(), .begin = feed::Begin::start};
}

http::TokenCheck tokens_of(const Settings& settings) {
  return settings.token_file.empty() ? http::TokenCheck()
                                     : http::TokenCheck::from_file(settings.token_file);
}

// Requests have no body worth the name.
http::ServerSettings listen_on(const Settings& settings) {
  return {.host = settings.host, .port = settings.port, .max_body = 64 << 10};
}

// When the first of `arrivals` arrived; nothing when there are none.
std::optional<system::Time> oldest_of(const std::vector<Arrival>& arrivals) {
  const auto oldest = std::min_element(
      arrivals.begin(), arrivals.end(),
      [](const Arrival& a, const Arrival& b) { return a.received_at < b.received_at; });
  return oldest == arrivals.end() ? std::nullopt : std::optional(oldest->received_at);
}

Feed feed_of(const feed::Subscriber::Progress& progress) {
  return !progress.following ? Feed::waiting : progress.silent ? Feed::silent : Feed::following;
}

}  // namespace

Store::Store(const Settings& settings, const system::Signals& signals)
    : signals_(signals),
      database_path_(settings.state + "/store.db"),
      claim_(system::claim_directory(settings.state)),
      archive_(database_path_),
      api_(database_path_, tokens_of(settings), condition_),
      server_(listen_on(settings)),
      subscriber_(follow(settings, archive_)),
      wake_{signals.fd(), POLLIN, 0} {
  api_.open();
  server_.start(api_);
}

int Store::run() {
  while (terminations_ == 0) {
    if (trouble_.empty()) {
      gather();
    } else {
      wait_for(std::chrono::ceil<std::chrono::milliseconds>(retry_at_ - Clock::now()));
    }
    keep();
    look_after();
  }
  system::notify_stopping();
  close();
  return system::kExitOk;
}

// Fills the batch with what is at hand, waiting for the first event only.
void Store::gather() {
  std::size_t bytes = 0;
  const auto until_beat = std::chrono::ceil<std::chrono::milliseconds>(beat_at_ - Clock::now());
  auto patience = std::clamp<std::chrono::milliseconds>(until_beat, 0ms, kBeat);
  auto deadline = Clock::time_point::max();
  while (batch_.size() < kBatchEvents && bytes < kBatchBytes && Clock::now() < deadline) {
    const auto event = subscriber_.next(patience, {&wake_, 1});
    read_signals();
    if (event) {
      bytes += event->body.size();
      take(*event);
    }
    if (!event || terminations_ > 0) {
      return;
    }
    deadline = std::min(deadline, Clock::now() + kBatchTime);
    patience = 0ms;
  }
}

void Store::take(const feed::Event& event) {
  batch_.push_back(understand(event));
  if (!batch_.back().reading.recognised) {
    unknown_shapes_.tell(event, batch_.back().reading.shape);
  }
}

void Store::keep() {
  if (batch_.empty() || (!trouble_.empty() && terminations_ == 0 && Clock::now() < retry_at_)) {
    return;
  }
  const auto began = Clock::now();
  condition_.set_waiting_since(oldest_of(batch_));  // a disk may take its time
  try {
    archive_.apply(batch_);
    condition_.measures().observe({batch_, system::now(), Clock::now() - began});
    applied_until_ = batch_.back().received_at;
    batch_.clear();
  } catch (const storage::Error& error) {
    go_wrong(error);
    return;
  }
  if (!trouble_.empty()) {
    system::log_info("updates are kept again");
    trouble_.clear();
  }
}

void Store::go_wrong(const storage::Error& error) {
  retry_in_ = trouble_.empty() ? kFirstRetry
                               : std::min<std::chrono::milliseconds>(retry_in_ * 2, kLastRetry);
  retry_at_ = Clock::now() + retry_in_;
  const std::string reason =
      fmt::format("cannot keep updates: {}; {}", error.what(), advice(error, database_path_));
  if (trouble_ != reason) {
    system::log_error(reason);
  }
  trouble_ = reason;
}

void Store::wait_for(std::chrono::milliseconds patience) {
  const auto wait = std::clamp<std::chrono::milliseconds>(patience, 0ms, kBeat);
  ::poll(&wake_, 1, static_cast<int>(wait.count()));
  read_signals();
}

void Store::read_signals() {
  while (const auto signal = signals_.take()) {
    terminations_ += *signal == system::Signal::terminate ? 1 : 0;
  }
}

void Store::look_after() {
  publish_condition();
  if (Clock::now() < beat_at_) {
    return;
  }
  beat_at_ = Clock::now() + kBeat;
  server_.sweep();
  const feed::Subscriber::Progress progress = subscriber_.progress();
  const std::string status =
      !trouble_.empty() ? trouble_
      : !progress.following || progress.silent
          ? std::string("waiting for the feed")
          : fmt::format("following the feed, {} events behind", progress.lag);
  if (std::exchange(told_status_, status) != status) {
    system::notify_status(status);
  }
}

void Store::publish_condition() {
  const feed::Subscriber::Progress progress = subscriber_.progress();
  Condition condition{.feed = feed_of(progress),
                      .lag = std::nullopt,
                      .trouble = trouble_,
                      .waiting_since = oldest_of(batch_)};
  if (progress.following && trouble_.empty()) {  // in trouble the feed is not read
    condition.lag = progress.lag + batch_.size();
  }
  // While it catches up, the next event arrived soon after the one applied just now.
  if (const auto until = std::exchange(applied_until_, std::nullopt);
      condition.lag && *condition.lag > 0 && batch_.empty()) {
    condition.waiting_since = until;
  }
  condition_.set(std::move(condition));
}

void Store::close() {
  server_.close_door();
  const auto deadline = Clock::now() + kClosing;
  while (!server_.idle() && terminations_ < 2 && Clock::now() < deadline) {
    wait_for(kClosingStep);
  }
}

}  // namespace monitor::store
