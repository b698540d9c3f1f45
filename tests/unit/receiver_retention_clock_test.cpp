#include "receiver/retention_clock.h"

#include <boost/test/unit_test.hpp>

using namespace monitor;
using namespace std::chrono_literals;
using receiver::RetentionClock;

namespace {

const system::Time kNoon = system::from_microseconds(1'800'000'000'000'000);
constexpr auto kYear = 24h * 365;

struct World {
  explicit World(std::optional<system::Time> newest = std::nullopt) : clock(newest) {}
  system::Time after(std::chrono::seconds time, std::chrono::seconds wall_is_ahead = 0s) {
    passed += time;
    return clock.now(kNoon + passed + wall_is_ahead, RetentionClock::Steady(passed));
  }
  RetentionClock clock;
  std::chrono::seconds passed{0};
};

BOOST_AUTO_TEST_SUITE(ReceiverRetentionClock)

BOOST_AUTO_TEST_CASE(a_clock_that_goes_on_is_believed) {
  World world;
  BOOST_CHECK(world.after(0s) == kNoon);
  BOOST_CHECK(world.after(1h) == kNoon + 1h);
  BOOST_CHECK(world.after(1s, 30s) == kNoon + 1h + 31s);
  BOOST_TEST(!world.clock.doubts());
}

BOOST_AUTO_TEST_CASE(a_leap_ahead_is_believed_once_it_has_lasted) {
  World world;
  world.after(0s);
  BOOST_CHECK(world.after(1s, kYear) == kNoon + 1s);
  BOOST_TEST(world.clock.doubts());
  BOOST_CHECK(world.after(59min, kYear) == kNoon + 59min + 1s);
  BOOST_CHECK(world.after(1min, kYear) == kNoon + 1h + 1s + kYear);
  BOOST_TEST(!world.clock.doubts());
}

BOOST_AUTO_TEST_CASE(a_leap_that_is_taken_back_is_forgotten) {
  World world;
  world.after(0s);
  world.after(1s, kYear);
  BOOST_CHECK(world.after(59min) == kNoon + 59min + 1s);
  BOOST_TEST(!world.clock.doubts());
  BOOST_CHECK(world.after(2min, kYear) == kNoon + 61min + 1s);  // another one, doubted anew
}

BOOST_AUTO_TEST_CASE(a_leap_back_is_believed) {
  World world;
  world.after(0s);
  BOOST_CHECK(world.after(1s, -kYear) == kNoon + 1s - kYear);
}

BOOST_AUTO_TEST_CASE(what_was_kept_before_the_start_is_the_time_to_begin_with) {
  World world(kNoon - 24h * 60);
  BOOST_CHECK(world.after(1s) == kNoon - 24h * 60);
  BOOST_TEST(!world.clock.doubts());  // nothing came for two months: no reason to say anything
  BOOST_CHECK(world.after(30min) == kNoon - 24h * 60 + 30min);
  BOOST_CHECK(world.after(30min) == kNoon + 1h + 1s);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
