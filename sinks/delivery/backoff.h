// How long to wait before the next try: up to 100 ms, then up to twice as long each time, up to
// 5 min; each time a random part of it ("full jitter"), so that a hundred sinks do not come back to
// a destination in one moment. A value.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace monitor::delivery {

inline constexpr std::chrono::milliseconds kFirstBackoff{100};
inline constexpr std::chrono::milliseconds kLongestBackoff = std::chrono::minutes(5);

class Backoff {
 public:
  // `random` gives numbers from 0 to below 1.
  explicit Backoff(std::function<double()> random) : random_(std::move(random)) {}

  std::chrono::milliseconds next() {
    const std::chrono::duration<double, std::milli> part = ceiling_ * random_();
    ceiling_ = std::min(ceiling_ * 2, kLongestBackoff);
    return std::chrono::duration_cast<std::chrono::milliseconds>(part);
  }

 private:
  std::function<double()> random_;
  std::chrono::milliseconds ceiling_ = kFirstBackoff;
};

}  // namespace monitor::delivery
