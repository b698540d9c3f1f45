#include "receiver/retention_clock.h"

namespace monitor::receiver {

system::Time RetentionClock::now(system::Time wall, Steady steady) {
  const bool starting = !asked_;
  const auto passed = asked_ ? steady - *asked_ : Steady::duration(0);
  asked_ = steady;
  const system::Time expected =
      believed_.value_or(wall) + std::chrono::duration_cast<system::Time::duration>(passed);
  if (wall <= expected + kStep) {
    leap_since_.reset();
    believed_ = wall;
    return wall;
  }
  if (!leap_since_) {
    leap_since_ = steady;
    quiet_before_ = starting;
  }
  if (steady - *leap_since_ >= kDoubt) {
    leap_since_.reset();
    believed_ = wall;
  } else {
    believed_ = expected;
  }
  return *believed_;
}

}  // namespace monitor::receiver
