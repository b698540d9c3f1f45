// Times as senders write them. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "lib/json/document.h"
#include "lib/system/clock.h"

namespace monitor::status {

// RFC 3339 with 0 to 9 (or more) digits of a second, any offset, 'T' or a space; without a zone UTC
// is assumed. RFC 1123
// ("Wed, 6 Apr 2022 10:00:00 GMT", day padded or not, weekday ignored). Unix seconds or
// milliseconds as digits. Nothing for everything else and for years outside 1970 to 9999.
std::optional<system::Time> parse_time(std::string_view text);

// The same for a JSON string or number.
std::optional<system::Time> parse_time(json::View value);

}  // namespace monitor::status
