// The store's side of the feed: the archive, the subscriber that feeds it, and the events between
// them. Driven by one loop on one thread, that of the running store or of a rebuild.
//
// While it catches up, a thread of its own writes one batch as the loop reads the next. It lives
// from keep() to the next keep() or tidy(), which joins it; in between only it touches the archive.
//
// When the database can't be written (disk full), the events at hand are kept and tried again, and
// no more are taken from the feed until it works: what is published meanwhile is fetched from the
// journal.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/feed/reading.h"
#include "lib/feed/subscriber.h"
#include "store/archive/archive.h"
#include "store/condition.h"

namespace monitor::store {

class Following {
 public:
  // Opens or makes the file. Throws as Archive does. `measures` must outlive it.
  Following(const std::string& database, const std::vector<feed::Source>& sources,
            Measures& measures);

  // Takes what is at hand, waiting at most `patience` for it; returns when one of `wake` is ready
  // (its revents are set). In trouble it only waits.
  void gather(std::chrono::milliseconds patience, std::span<pollfd> wake);
  // Commits what was taken, or begins to, and hands out the updates that are new. `at_once`: it is
  // all committed when this returns, and tried in trouble too.
  News keep(bool at_once);
  // What can wait until the feed has nothing new: text for the search; and deletes what is over and
  // has not changed for `keep_for` (zero: nothing), from time to time. A bounded piece of it.
  void tidy(std::chrono::seconds keep_for);

  // Whether tidy() has something to do at once.
  bool untidy() const { return untidy_; }
  // Why nothing can be kept; empty when all is well.
  const std::string& trouble() const { return trouble_; }
  // The file can't be used any more, however often it is tried.
  bool damaged() const { return damaged_; }
  // Events taken from the feed so far.
  std::uint64_t taken() const { return taken_; }
  feed::Subscriber::Progress progress() const { return subscriber_.progress(); }
  // When the oldest event that was taken and not committed arrived.
  std::optional<system::Time> waiting_since() const;
  Condition condition();

 private:
  using Clock = std::chrono::steady_clock;

  // What a transaction came to: `error` and nothing else, when the disk refused it.
  struct Outcome {
    News news;
    std::optional<storage::Error> error;
    std::chrono::nanoseconds took{};
  };

  void take(const feed::Event& event);
  Outcome commit(std::uint64_t behind);
  News finish(Outcome outcome);
  News await_commit();
  void go_wrong(const storage::Error& error);
  void go_well();

  Measures& measures_;
  Archive archive_;
  feed::Subscriber subscriber_;
  feed::UnknownShapes unknown_shapes_;

  std::uint64_t taken_ = 0;
  std::vector<Arrival> batch_;       // taken from the feed, not committed
  std::vector<Arrival> committing_;  // being written now
  std::future<Outcome> commit_;      // valid: a thread writes them
  std::optional<system::Time> applied_until_;
  bool untidy_ = true;
  Clock::time_point retire_at_{};

  std::string trouble_;
  bool damaged_ = false;
  std::chrono::milliseconds retry_in_{};
  Clock::time_point retry_at_{};
};

}  // namespace monitor::store
