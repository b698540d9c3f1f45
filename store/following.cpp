#include "store/following.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/system/log.h"
#include "store/archive/schema.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;

// One transaction takes what is at hand and no more than this, which only a replay fills: enough
// that what many of its events change is written once, little enough that TERM is heard soon.
constexpr std::size_t kBatchEvents = 4000;
constexpr std::size_t kBatchBytes = 8 << 20;  // of bodies; parsed they take some times that
constexpr auto kBatchTime = 500ms;

// A disk that was full is tried again soon, one that stays full is left in peace.
constexpr auto kFirstRetry = 500ms;
constexpr auto kLastRetry = 10s;

// What is old gets no older within a minute.
constexpr auto kRetireEvery = 60s;

feed::SubscriberSettings follow(const std::vector<feed::Source>& sources, Archive& archive) {
  return {.sources = sources, .cursors = archive.cursors(), .begin = feed::Begin::start};
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

bool is_ready(std::span<const pollfd> wake) {
  return std::any_of(wake.begin(), wake.end(), [](const pollfd& fd) { return fd.revents != 0; });
}

}  // namespace

Following::Following(const std::string& database, const std::vector<feed::Source>& sources,
                     Measures& measures)
    : measures_(measures), archive_(database), subscriber_(follow(sources, archive_)) {}

// Waits for the first event only.
void Following::gather(std::chrono::milliseconds patience, std::span<pollfd> wake) {
  if (!trouble_.empty()) {
    const auto until_retry = std::chrono::ceil<std::chrono::milliseconds>(retry_at_ - Clock::now());
    const auto wait = std::clamp<std::chrono::milliseconds>(until_retry, 0ms, patience);
    ::poll(wake.data(), wake.size(), static_cast<int>(wait.count()));
    return;
  }
  std::size_t bytes = 0;
  auto deadline = Clock::time_point::max();
  while (batch_.size() < kBatchEvents && bytes < kBatchBytes && Clock::now() < deadline) {
    const auto event = subscriber_.next(patience, wake);
    if (event) {
      bytes += event->body.size();
      take(*event);
    }
    if (!event || is_ready(wake)) {
      return;
    }
    deadline = std::min(deadline, Clock::now() + kBatchTime);
    patience = 0ms;
  }
}

void Following::take(const feed::Event& event) {
  ++taken_;
  batch_.push_back(understand(event));
  if (!batch_.back().reading.recognised) {
    unknown_shapes_.tell(event, batch_.back().reading.shape);
  }
}

News Following::keep(bool at_once) {
  News news = await_commit();
  if (batch_.empty() || (!trouble_.empty() && !at_once && Clock::now() < retry_at_)) {
    return news;
  }
  committing_.swap(batch_);
  const std::uint64_t behind = subscriber_.progress().lag;
  if (behind > kBatchEvents && trouble_.empty() && !at_once) {
    commit_ = std::async(std::launch::async, [this, behind] { return commit(behind); });
    return news;
  }
  News last = finish(commit(behind));
  news.complete = news.complete && last.complete;
  news.events.insert(news.events.end(), std::make_move_iterator(last.events.begin()),
                     std::make_move_iterator(last.events.end()));
  return news;
}

Following::Outcome Following::commit(std::uint64_t behind) {
  const auto began = Clock::now();
  try {
    News news = archive_.apply(committing_, behind);
    return {std::move(news), std::nullopt, Clock::now() - began};
  } catch (const storage::Error& error) {
    return {{}, error, Clock::now() - began};
  }
}

News Following::await_commit() { return commit_.valid() ? finish(commit_.get()) : News{}; }

News Following::finish(Outcome outcome) {
  if (outcome.error) {
    std::move(batch_.begin(), batch_.end(), std::back_inserter(committing_));
    batch_ = std::exchange(committing_, {});
    go_wrong(*outcome.error);
    return {};
  }
  measures_.observe({committing_, system::now(), outcome.took});
  applied_until_ = committing_.back().received_at;
  committing_.clear();
  untidy_ = true;
  go_well();
  return std::move(outcome.news);
}

void Following::tidy(std::chrono::seconds keep_for) {
  if (commit_.valid() || !trouble_.empty() || subscriber_.progress().lag > 0) {
    return;
  }
  try {
    untidy_ = untidy_ && archive_.make_searchable();
    if (keep_for > 0s && Clock::now() >= retire_at_ && !archive_.retire(system::now() - keep_for)) {
      retire_at_ = Clock::now() + kRetireEvery;
    }
  } catch (const storage::Error& error) {
    go_wrong(error);
  }
}

void Following::go_wrong(const storage::Error& error) {
  retry_in_ = trouble_.empty() ? kFirstRetry
                               : std::min<std::chrono::milliseconds>(retry_in_ * 2, kLastRetry);
  retry_at_ = Clock::now() + retry_in_;
  damaged_ = error.means_damage();
  const std::string reason =
      fmt::format("cannot keep updates: {}; {}", error.what(), advice(error));
  if (trouble_ != reason) {
    system::log_error(reason);
  }
  trouble_ = reason;
}

void Following::go_well() {
  if (!trouble_.empty()) {
    system::log_info("updates are kept again");
    trouble_.clear();
  }
}

std::optional<system::Time> Following::waiting_since() const {
  return oldest_of(commit_.valid() ? committing_ : batch_);
}

Condition Following::condition() {
  const feed::Subscriber::Progress progress = subscriber_.progress();
  Condition condition{.feed = feed_of(progress),
                      .lag = std::nullopt,
                      .trouble = trouble_,
                      .closed = progress.trouble,
                      .waiting_since = waiting_since()};
  if (progress.following && trouble_.empty()) {  // in trouble the feed is not read
    condition.lag = progress.lag + batch_.size() + (commit_.valid() ? committing_.size() : 0);
  }
  // While it catches up, the next event arrived soon after the one applied just now.
  if (const auto until = std::exchange(applied_until_, std::nullopt);
      condition.lag && *condition.lag > 0 && batch_.empty()) {
    condition.waiting_since = until;
  }
  return condition;
}

}  // namespace monitor::store
