// How the loop is doing, for the API to tell: what the loop's thread (writes) and the HTTP server's
// thread (reads) share. The Condition is small, copied under a mutex, never held while anything
// else is done; the Measures are atomics.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "lib/system/clock.h"
#include "store/measures.h"

namespace monitor::store {

enum class Feed { waiting, following, silent };

struct Condition {
  Feed feed = Feed::waiting;  // waiting: no receiver has answered yet
  std::optional<std::uint64_t>
      lag;                  // events published and not applied; nothing while that is unknown
  std::string trouble;      // why nothing can be applied; empty when all is well
  std::string closed = {};  // why no receiver lets us in, where known
  // When the oldest event that is not applied arrived; nothing while none is known.
  std::optional<system::Time> waiting_since = {};

  // How long the oldest event has waited to be applied; nothing while that is unknown.
  std::optional<std::chrono::microseconds> lag_time(system::Time now) const {
    if (waiting_since) {  // a receiver's clock may be ahead of ours
      return std::max(now - *waiting_since, std::chrono::microseconds::zero());
    }
    return lag == 0 ? std::optional(std::chrono::microseconds::zero()) : std::nullopt;
  }
};

class SharedCondition {
 public:
  void set(Condition condition) {
    const std::lock_guard lock(mutex_);
    condition_ = std::move(condition);
  }
  void set_waiting_since(std::optional<system::Time> time) {
    const std::lock_guard lock(mutex_);
    condition_.waiting_since = time;
  }
  Condition get() const {
    const std::lock_guard lock(mutex_);
    return condition_;
  }

  Measures& measures() { return measures_; }
  const Measures& measures() const { return measures_; }

 private:
  mutable std::mutex mutex_;
  Condition condition_;
  Measures measures_{system::now()};
};

}  // namespace monitor::store
