// How the loop is doing, for the API to tell: the one thing that the loop's thread (writes) and the
// HTTP server's thread (reads) share. Small, copied under a mutex, never held while anything else
// is done.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace monitor::store {

enum class Feed { waiting, following, silent };

struct Condition {
  Feed feed = Feed::waiting;  // waiting: no receiver has answered yet
  std::optional<std::uint64_t>
      lag;              // events published and not applied; nothing while that is unknown
  std::string trouble;  // why nothing can be applied; empty when all is well
};

class SharedCondition {
 public:
  void set(Condition condition) {
    const std::lock_guard lock(mutex_);
    condition_ = std::move(condition);
  }
  Condition get() const {
    const std::lock_guard lock(mutex_);
    return condition_;
  }

 private:
  mutable std::mutex mutex_;
  Condition condition_;
};

}  // namespace monitor::store
