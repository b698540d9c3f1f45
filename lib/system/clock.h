// Wall-clock time as the whole project keeps it: microseconds since 1970-01-01T00:00:00Z, no leap
// seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace monitor::system {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

Time now();

inline std::int64_t to_microseconds(Time time) { return time.time_since_epoch().count(); }
inline Time from_microseconds(std::int64_t us) { return Time{std::chrono::microseconds{us}}; }

// "2026-02-20T14:32:05.123456Z"; always six digits, so that the text sorts as the time does.
std::string to_rfc3339(Time time);
// "2026-02-20T14:32:05Z", the fraction cut off.
std::string to_rfc3339_seconds(Time time);
// "2026-02-20 14:32:05", UTC: what the formatter prints.
std::string to_plain(Time time);

}  // namespace monitor::system
