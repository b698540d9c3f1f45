// How long a test waits for something before it gives up. Only ever an upper bound: generous,
// because sanitizer builds on a busy machine are ten times slower; whoever waits returns as soon as
// the thing is there.
#pragma once

#include <chrono>
#include <thread>

namespace monitor::tests {

using Clock = std::chrono::steady_clock;

inline constexpr std::chrono::seconds kPatience{20};

class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds patience = kPatience)
      : end_(Clock::now() + patience) {}

  Clock::time_point end() const { return end_; }
  bool over() const { return Clock::now() >= end_; }
  // For poll(2): never negative.
  int left_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
  }

 private:
  Clock::time_point end_;
};

// Asks `ready` again and again, for what can only be asked for (an HTTP answer, a file on disk).
// The pause between two questions keeps the one asked from being drowned; it isn't what the test
// waits for. False when the deadline passed.
template <typename Ready>
bool ask_until(Ready ready, Deadline deadline = Deadline()) {
  constexpr std::chrono::milliseconds kBetweenQuestions{10};
  while (!ready()) {
    if (deadline.over()) {
      return false;
    }
    std::this_thread::sleep_for(kBetweenQuestions);
  }
  return true;
}

}  // namespace monitor::tests
