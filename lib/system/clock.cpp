#include "lib/system/clock.h"

#include <fmt/format.h>

namespace monitor::system {
namespace {

std::string plain(Time time, char separator) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     separator, clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace

Time now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Time time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{}.{:06}Z", plain(time, 'T'), (time - second).count());
}

std::string to_rfc3339_seconds(Time time) { return plain(time, 'T') + 'Z'; }

std::string to_plain(Time time) { return plain(time, ' '); }

}  // namespace monitor::system
