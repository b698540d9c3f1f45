#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "lib/system/options.h"

using namespace monitor::system;

BOOST_AUTO_TEST_SUITE(system_parse_size)

BOOST_AUTO_TEST_CASE(bytes_and_their_units_are_read) {
  const struct {
    const char* text;
    std::uint64_t bytes;
  } cases[] = {{"0", 0},
               {"512", 512},
               {"512B", 512},
               {"64KiB", 65536},
               {"1MiB", 1 << 20},
               {"2GiB", std::uint64_t{2} << 30},
               {"007KiB", 7 * 1024},
               {"9223372036854775807", INT64_MAX},
               {"8589934591GiB", std::uint64_t{8589934591} << 30}};
  for (const auto& [text, bytes] : cases) {
    BOOST_TEST(parse_size(text) == bytes, text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_size_is_refused_with_what_would_be_right) {
  for (const char* text : {"", " ", "KiB", "-1", "+1", "1.5MiB", "1 KiB", " 1", "1 ", "1kib", "1KB",
                           "1M", "0x10", "1MiBMiB", "9223372036854775808", "8589934592GiB",
                           "18446744073709551615", "99999999999999999999"}) {
    BOOST_CHECK_EXCEPTION(parse_size(text), std::invalid_argument, [](const auto& error) {
      return std::string(error.what()).find("give bytes, or a number with KiB") !=
             std::string::npos;
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_parse_duration)

BOOST_AUTO_TEST_CASE(seconds_and_their_units_are_read) {
  const struct {
    const char* text;
    std::int64_t seconds;
  } cases[] = {{"0", 0},       {"90", 90},       {"90s", 90},           {"15m", 900},
               {"12h", 43200}, {"30d", 2592000}, {"36500d", 3153600000}};
  for (const auto& [text, seconds] : cases) {
    BOOST_TEST(parse_duration(text).count() == seconds, text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused) {
  for (const char* text :
       {"", "s", "-1s", "+1", "1.5h", "1 d", "1w", "1ms", "1D", "9223372036854775808"}) {
    BOOST_CHECK_THROW(parse_duration(text), std::invalid_argument);
  }
}

// Whoever computes with it in microseconds or nanoseconds must not overflow.
BOOST_AUTO_TEST_CASE(more_than_a_century_is_refused) {
  for (const char* text : {"36501d", "3153600001", "300000000d", "9223372036854775807"}) {
    BOOST_CHECK_THROW(parse_duration(text), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_SUITE_END()
