// The hours of the day in which only what is critical is told: "22:00-07:00 Europe/Berlin", of a
// zone of the tz database (without one: the machine's). Given several times, any of them. A value;
// reads the system's zoneinfo when it is made.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/system/clock.h"

namespace date {
class time_zone;
}

namespace monitor::delivery {

class QuietHours {
 public:
  QuietHours() = default;
  // Throws ConfigError saying what would be right.
  explicit QuietHours(const std::vector<std::string>& texts);

  bool contain(system::Time now) const;

 private:
  struct Span {
    const date::time_zone* zone;
    std::chrono::minutes from;  // of the day there
    std::chrono::minutes until;
  };
  static Span parse(const std::string& text);

  std::vector<Span> spans_;
};

}  // namespace monitor::delivery
