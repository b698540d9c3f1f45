// What status-store refuses to start with.
#include "store/settings.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"

namespace monitor::store {
namespace {

BOOST_AUTO_TEST_SUITE(SettingsSuite)

BOOST_AUTO_TEST_CASE(feeds_and_replays_come_in_pairs) {
  const auto sources = pair_sources({"tcp://a:1", "tcp://b:1"}, {"tcp://a:2", "tcp://b:2"});
  BOOST_REQUIRE(sources.size() == 2);
  BOOST_TEST(sources[1].feed == "tcp://b:1");
  BOOST_TEST(sources[1].replay == "tcp://b:2");
  BOOST_CHECK_THROW(pair_sources({"tcp://a:1"}, {}), system::UsageError);
  BOOST_CHECK_THROW(pair_sources({}, {"tcp://a:1"}), system::UsageError);
}

BOOST_AUTO_TEST_CASE(without_any_it_is_the_receiver_of_this_machine) {
  const auto sources = pair_sources({}, {});
  BOOST_REQUIRE(sources.size() == 1);
  BOOST_TEST(sources[0].feed.starts_with("ipc://"));
}

BOOST_AUTO_TEST_CASE(a_public_address_needs_a_token_or_a_word) {
  Settings settings;
  settings.host = "127.0.0.1";
  BOOST_CHECK_NO_THROW(check_exposure(settings));
  settings.host = "0.0.0.0";
  BOOST_CHECK_THROW(check_exposure(settings), system::ConfigError);
  settings.token_file = "/some/file";
  BOOST_CHECK_NO_THROW(check_exposure(settings));
  settings.token_file.clear();
  settings.allow_unauthenticated = true;
  BOOST_CHECK_NO_THROW(check_exposure(settings));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
