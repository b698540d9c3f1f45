// What the receiver has done and how it is, for /health and /metrics. Written by the thread that
// knows, read by the server's thread: every member is an atomic, or behind a mutex.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "lib/metrics/histogram.h"
#include "lib/metrics/labelled_counter.h"

namespace monitor::receiver {

// Providers that neither the catalogue nor the user's file knows: their names are the senders', who
// could make up new ones without end.
inline constexpr std::size_t kMostStrangers = 200;

struct Counters {
  std::atomic<std::uint64_t> accepted{0};      // answered 200
  std::atomic<std::uint64_t> tests{0};         // of them by /test
  std::atomic<std::uint64_t> not_json{0};      // 400
  std::atomic<std::uint64_t> unauthorized{0};  // 401
  std::atomic<std::uint64_t> unknown_path{0};  // 404
  std::atomic<std::uint64_t> wrong_method{0};  // 405
  std::atomic<std::uint64_t> not_kept{0};      // 503, the journal could not be written
  std::atomic<std::uint64_t> too_many{0};      // 503, --max-pending
  std::atomic<std::uint64_t> not_verified{0};  // 503, a signature could not be checked yet
  std::atomic<std::uint64_t> pending{0};       // whole requests that wait for the journal
  std::atomic<std::uint64_t> first_seq{1};
  std::atomic<std::uint64_t> last_seq{0};
  std::atomic<std::uint64_t> journal_bytes{0};
  std::atomic<std::int64_t> oldest_at{0};  // the journal's oldest event, us since 1970; 0: none
  std::atomic<std::uint64_t> retired{0};   // events that retention deleted
  std::atomic<std::uint64_t> damaged{0};   // events that were found damaged on the disk
  std::atomic<std::uint64_t> replay_batches{0};
  std::atomic<std::uint64_t> replay_events{0};
  std::atomic<std::uint64_t> replay_malformed{0};
  std::atomic<std::uint64_t> feed_connections{0};        // to tcp endpoints with a key
  std::atomic<std::uint64_t> feed_admitted{0};           // of them with the key of a client
  std::atomic<std::uint64_t> feed_refused{0};            // with another key
  metrics::LabelledCounter by_format{0};                 // of `accepted`; all formats are ours
  metrics::LabelledCounter by_provider{kMostStrangers};  // of `accepted`
  // Of group commits that worked, from some tenths of a millisecond (a fast disk) to what makes
  // senders give up.
  metrics::Histogram commit_time{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                 0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  metrics::SizeHistogram commit_events{1, 2, 5, 10, 20, 50, 100, 200, 500};
  metrics::Histogram replay_time{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5};

  // Why the journal can't be written at the moment; empty when it can.
  std::string trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }
  void set_trouble(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    trouble_ = reason;
  }

 private:
  mutable std::mutex mutex_;
  std::string trouble_;
};

}  // namespace monitor::receiver
