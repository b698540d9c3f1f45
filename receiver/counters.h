// What the receiver has done and how it is, for /health and /metrics. Written by the thread that
// knows, read by the server's thread: every member is an atomic, or behind the one mutex.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace monitor::receiver {

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
  std::atomic<std::uint64_t> retired{0};  // events that retention deleted
  std::atomic<std::uint64_t> replay_batches{0};
  std::atomic<std::uint64_t> replay_events{0};
  std::atomic<std::uint64_t> replay_malformed{0};

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
