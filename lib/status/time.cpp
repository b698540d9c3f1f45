#include "lib/status/time.h"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>

namespace monitor::status {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// The last second that four digits of a year can write.
constexpr std::int64_t kLastSecond = 253'402'300'799;

// A bare number counts seconds up to here (the year 5138) and milliseconds above (from 1973 on).
constexpr std::int64_t kLeastMilliseconds = 100'000'000'000;
// A smaller number (before 1973-03-03) is no time: 0 says "none", 20260220 is a date written as a
// number.
constexpr std::int64_t kLeastSeconds = 100'000'000;

// Longer texts are none of the forms, fractions of absurd length included.
constexpr std::size_t kMaxText = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Takes text off the front of what is left of it; each take_ answers whether it could.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool take(std::string_view one_of) {
    if (rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` of them.
  bool take_number(std::size_t digits, int& value) {
    if (rest_.size() < digits ||
        !std::all_of(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(digits),
                     is_digit)) {
      return false;
    }
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  // Any number of digits; what is finer than a microsecond is cut off.
  bool take_fraction(microseconds& fraction) {
    std::int64_t value = 0;
    std::int64_t unit = 1'000'000;
    const std::size_t before = rest_.size();
    while (!rest_.empty() && is_digit(rest_.front())) {
      unit /= 10;
      value += unit * (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    fraction = microseconds{value};
    return rest_.size() < before;
  }
  std::string_view take_letters() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_letter);
    const std::string_view letters = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(letters.size());
    return letters;
  }
  void skip_blanks() {
    while (take(" ")) {
    }
  }

 private:
  std::string_view rest_;
};

std::optional<system::Time> within_range(system::Time time) {
  const std::int64_t us = system::to_microseconds(time);
  const bool in_range = us >= 0 && us / 1'000'000 <= kLastSecond;
  return in_range ? std::optional(time) : std::nullopt;
}

// What is left of a text once date and clock are read: "Z", "+02:00", "-0500", "+02", "UTC", "GMT",
// "+0000 UTC" or nothing, which is taken for UTC.
std::optional<seconds> parse_zone(std::string_view text) {
  Cursor cursor(trim(text));
  seconds offset{0};
  if (!cursor.done() && (cursor.rest().front() == '+' || cursor.rest().front() == '-')) {
    const int sign = cursor.rest().front() == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    cursor.take("+-");
    if (!cursor.take_number(2, hours)) {
      return std::nullopt;
    }
    const bool colon = cursor.take(":");
    if ((!cursor.take_number(2, minutes) && colon) || hours > 23 || minutes > 59) {
      return std::nullopt;
    }
    offset = seconds{sign * (hours * 3600 + minutes * 60)};
  }
  const std::string_view name = trim(cursor.rest());
  const bool known = name.empty() || name == "Z" || name == "z" || name == "UTC" || name == "GMT";
  return known ? std::optional(offset) : std::nullopt;
}

// HH:MM[:SS[.fraction]]. Second 60 is the leap second: the first of the next minute, as our clock
// has none.
bool take_clock(Cursor& cursor, microseconds& clock) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  microseconds fraction{0};
  if (!cursor.take_number(2, hour) || !cursor.take(":") || !cursor.take_number(2, minute)) {
    return false;
  }
  if (cursor.take(":")) {
    if (!cursor.take_number(2, second) || (cursor.take(".,") && !cursor.take_fraction(fraction))) {
      return false;
    }
  }
  clock = seconds{hour * 3600 + minute * 60 + second} + fraction;
  return hour <= 23 && minute <= 59 && second <= 60;
}

std::optional<system::Time> parse_rfc3339(std::string_view text) {
  Cursor cursor(text);
  int year = 0;
  int month = 0;
  int day = 0;
  microseconds clock{0};
  if (!cursor.take_number(4, year) || !cursor.take("-") || !cursor.take_number(2, month) ||
      !cursor.take("-") || !cursor.take_number(2, day) || !cursor.take("Tt ") ||
      !take_clock(cursor, clock)) {
    return std::nullopt;
  }
  const date::year_month_day calendar{date::year{year}, date::month{static_cast<unsigned>(month)},
                                      date::day{static_cast<unsigned>(day)}};
  const std::optional<seconds> offset = parse_zone(cursor.rest());
  if (!calendar.ok() || !offset) {
    return std::nullopt;
  }
  return within_range(date::sys_days{calendar} + clock - *offset);
}

// "Apr", "april": 4; 0 for what is no month.
unsigned month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  constexpr std::size_t kShort = 3;
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const auto found = std::find_if(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
    return lower == month || lower == month.substr(0, kShort);
  });
  return found == kMonths.end() ? 0 : static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// "6 Apr 2022 "; the day padded or not.
bool take_date(Cursor& cursor, date::year_month_day& calendar) {
  int day = 0;
  int year = 0;
  cursor.skip_blanks();
  if (!cursor.take_number(2, day) && !cursor.take_number(1, day)) {
    return false;
  }
  cursor.skip_blanks();
  const unsigned month = month_of(cursor.take_letters());
  cursor.skip_blanks();
  if (!cursor.take_number(4, year)) {
    return false;
  }
  cursor.skip_blanks();
  calendar = {date::year{year}, date::month{month}, date::day{static_cast<unsigned>(day)}};
  return calendar.ok();
}

// "[Wed, ]6 Apr 2022 10:00:00 GMT". Its weekday is often wrong and tells nothing.
std::optional<system::Time> parse_rfc1123(std::string_view text) {
  const std::size_t comma = text.find(',');
  Cursor cursor(comma == std::string_view::npos ? text : text.substr(comma + 1));
  date::year_month_day calendar{};
  microseconds clock{0};
  if (!take_date(cursor, calendar) || !take_clock(cursor, clock)) {
    return std::nullopt;
  }
  const std::optional<seconds> offset = parse_zone(cursor.rest());
  return offset ? within_range(date::sys_days{calendar} + clock - *offset) : std::nullopt;
}

// `fraction` is of the number as written, so of a second or of a millisecond.
std::optional<system::Time> from_number(std::int64_t number, microseconds fraction) {
  if (number < kLeastSeconds || number / 1000 > kLastSecond) {
    return std::nullopt;
  }
  const bool milliseconds = number >= kLeastMilliseconds;
  const auto whole = milliseconds ? microseconds{number * 1000} : microseconds{number * 1'000'000};
  return within_range(system::Time{whole + (milliseconds ? fraction / 1000 : fraction)});
}

// "1771597920", "1771597920123", "1771597920.5".
std::optional<system::Time> parse_number(std::string_view text) {
  constexpr std::size_t kMaxDigits = 15;  // the last millisecond of 9999 has them; no overflow
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  if (digits == 0 || digits > kMaxDigits) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  for (const char c : text.substr(0, digits)) {
    number = 10 * number + (c - '0');
  }
  Cursor cursor(text.substr(digits));
  microseconds fraction{0};
  if (cursor.take(".") && !cursor.take_fraction(fraction)) {
    return std::nullopt;
  }
  return cursor.done() ? from_number(number, fraction) : std::nullopt;
}

}  // namespace

std::optional<system::Time> parse_time(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty() || trimmed.size() > kMaxText) {
    return std::nullopt;
  }
  if (trimmed.size() > 4 && trimmed[4] == '-') {
    return parse_rfc3339(trimmed);
  }
  if (const auto time = parse_number(trimmed)) {
    return time;
  }
  return trimmed.find(' ') == std::string_view::npos ? std::nullopt : parse_rfc1123(trimmed);
}

std::optional<system::Time> parse_time(json::View value) {
  if (value.is_string()) {
    return parse_time(value.text());
  }
  if (const auto number = value.integer()) {
    return from_number(*number, microseconds{0});
  }
  const double number = value.number().value_or(0);
  if (!std::isfinite(number) || number < 0 || number > 1e15) {
    return std::nullopt;
  }
  const double whole = std::floor(number);
  const auto fraction = microseconds{std::llround((number - whole) * 1e6)};
  return from_number(static_cast<std::int64_t>(whole), fraction);
}

}  // namespace monitor::status
