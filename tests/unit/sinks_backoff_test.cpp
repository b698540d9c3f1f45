#include "sinks/delivery/backoff.h"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace monitor::delivery;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sinks_backoff)

BOOST_AUTO_TEST_CASE(the_ceiling_doubles_from_a_tenth_of_a_second_to_five_minutes) {
  Backoff backoff([] { return 0.999999; });
  const std::vector<std::chrono::milliseconds> ceilings{
      100ms,   200ms,   400ms,   800ms,    1600ms,   3200ms, 6400ms,
      12800ms, 25600ms, 51200ms, 102400ms, 204800ms, 300s,   300s};
  for (const auto ceiling : ceilings) {
    const auto wait = backoff.next();
    BOOST_TEST((wait <= ceiling));
    BOOST_TEST((wait >= ceiling - 1ms));
  }
}

BOOST_AUTO_TEST_CASE(the_wait_is_a_random_part_of_the_ceiling) {
  const std::vector<double> parts{0.0, 0.5, 0.25, 0.0};
  std::size_t turn = 0;
  Backoff backoff([&] { return parts[turn++]; });
  BOOST_TEST((backoff.next() == 0ms));
  BOOST_TEST((backoff.next() == 100ms));
  BOOST_TEST((backoff.next() == 100ms));
  BOOST_TEST((backoff.next() == 0ms));
}

BOOST_AUTO_TEST_SUITE_END()
