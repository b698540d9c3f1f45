// What time it is for retention: events that are too old are deleted, and a clock that is wrong for
// a minute must not make all of them old before their subscribers have had them. So the clock of
// the wall is believed at once when it goes on or back, but a leap ahead (of the clock, or while
// the program was not running) only after it has lasted. Pure; one thread.
#pragma once

#include <chrono>
#include <optional>

#include "lib/system/clock.h"

namespace monitor::receiver {

class RetentionClock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  // Time enough for NTP, or for somebody who reads the log.
  static constexpr std::chrono::hours kDoubt{1};
  // Clocks are set by so much all the time.
  static constexpr std::chrono::minutes kStep{1};

  // `newest`: when the newest event arrived that was kept before; nothing: the wall's clock counts.
  explicit RetentionClock(std::optional<system::Time> newest) : believed_(newest) {}

  system::Time now(system::Time wall, Steady steady);
  // A leap that we saw is not believed yet. At the start it is most likely none: nothing came for a
  // while before.
  bool doubts() const { return leap_since_.has_value() && !quiet_before_; }

 private:
  std::optional<system::Time> believed_;
  std::optional<Steady> asked_;
  std::optional<Steady> leap_since_;
  bool quiet_before_ = false;
};

}  // namespace monitor::receiver
