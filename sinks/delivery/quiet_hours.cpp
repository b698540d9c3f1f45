#include "sinks/delivery/quiet_hours.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& reason) {
  throw system::ConfigError(fmt::format(
      "cannot use --quiet-hours \"{}\": {}; give FROM-UNTIL and a zone of the tz database: "
      "\"22:00-07:00 Europe/Berlin\"",
      text, reason));
}

const date::time_zone* zone_of(const std::string& text, const std::string& name) {
  try {
    return name.empty() ? date::current_zone() : date::locate_zone(name);
  } catch (const std::exception&) {
    refuse(text, name.empty() ? "the machine's own zone can't be found"
                              : fmt::format("there is no zone {}", name));
  }
}

}  // namespace

QuietHours::Span QuietHours::parse(const std::string& text) {
  int from_hour = 0;
  int from_minute = 0;
  int until_hour = 0;
  int until_minute = 0;
  int read = 0;
  const int found = std::sscanf(text.c_str(), "%2d:%2d-%2d:%2d%n", &from_hour, &from_minute,
                                &until_hour, &until_minute, &read);
  const auto is_time = [](int hour, int minute) {
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
  };
  const std::string rest = found == 4 ? text.substr(static_cast<std::size_t>(read)) : "";
  if (found != 4 || !is_time(from_hour, from_minute) || !is_time(until_hour, until_minute) ||
      (!rest.empty() && rest[0] != ' ')) {
    refuse(text, "these are no hours of a day");
  }
  const auto name = rest.find_first_not_of(' ');
  return {.zone = zone_of(text, name == std::string::npos ? "" : rest.substr(name)),
          .from = std::chrono::hours(from_hour) + std::chrono::minutes(from_minute),
          .until = std::chrono::hours(until_hour) + std::chrono::minutes(until_minute)};
}

QuietHours::QuietHours(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    spans_.push_back(parse(text));
  }
}

bool QuietHours::contain(system::Time now) const {
  return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
    const auto there = span.zone->to_local(now);
    const auto of_day = there - date::floor<date::days>(there);
    return span.from <= span.until ? of_day >= span.from && of_day < span.until
                                   : of_day >= span.from || of_day < span.until;
  });
}

}  // namespace monitor::delivery
