#include "lib/system/clock.h"

#include <boost/test/unit_test.hpp>

using namespace monitor::system;

BOOST_AUTO_TEST_SUITE(system_clock)

BOOST_AUTO_TEST_CASE(times_are_written_in_all_three_ways) {
  const struct {
    std::int64_t us;
    const char* full;
    const char* seconds;
    const char* plain;
  } cases[] = {
      {0, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00"},
      {1771597925123456, "2026-02-20T14:32:05.123456Z", "2026-02-20T14:32:05Z",
       "2026-02-20 14:32:05"},
      {1709251199999999, "2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59Z",
       "2024-02-29 23:59:59"},
      {1000007, "1970-01-01T00:00:01.000007Z", "1970-01-01T00:00:01Z", "1970-01-01 00:00:01"},
      {-1, "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59Z", "1969-12-31 23:59:59"},
      {-86400000000, "1969-12-31T00:00:00.000000Z", "1969-12-31T00:00:00Z", "1969-12-31 00:00:00"},
      {-62135596800000000, "0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00Z",
       "0001-01-01 00:00:00"},
      {253402300799999999, "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z",
       "9999-12-31 23:59:59"},
  };
  for (const auto& [us, full, seconds, plain] : cases) {
    const Time time = from_microseconds(us);
    BOOST_TEST(to_microseconds(time) == us);
    BOOST_TEST(to_rfc3339(time) == full);
    BOOST_TEST(to_rfc3339_seconds(time) == seconds);
    BOOST_TEST(to_plain(time) == plain);
  }
}

BOOST_AUTO_TEST_CASE(now_is_between_this_release_and_the_end_of_the_format) {
  BOOST_TEST(to_rfc3339(now()) > "2026-01-01");
  BOOST_TEST(to_rfc3339(now()).size() == 27U);
}

BOOST_AUTO_TEST_SUITE_END()
