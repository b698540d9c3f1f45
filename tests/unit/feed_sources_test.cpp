// The --feed and --replay options.
#include "lib/feed/sources.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"

namespace monitor::feed {
namespace {

std::vector<Source> sources_of(std::vector<std::string> words) {
  system::Options options("status-test", "A test.");
  SourceOptions sources;
  sources.add_to(options);
  words.insert(words.begin(), "status-test");
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  BOOST_REQUIRE(options.parse(static_cast<int>(argv.size()), argv.data()));
  return sources.sources();
}

BOOST_AUTO_TEST_SUITE(SourceOptionsSuite)

BOOST_AUTO_TEST_CASE(feeds_and_replays_pair_up_in_their_order) {
  const auto sources = sources_of({"--feed", "tcp://a:1", "--feed", "tcp://b:1", "--replay",
                                   "tcp://a:2", "--replay", "tcp://b:2"});
  BOOST_REQUIRE(sources.size() == 2);
  BOOST_TEST(sources[1].feed == "tcp://b:1");
  BOOST_TEST(sources[1].replay == "tcp://b:2");
}

BOOST_AUTO_TEST_CASE(one_without_the_other_is_refused) {
  BOOST_CHECK_THROW(sources_of({"--feed", "tcp://a:1"}), system::UsageError);
  BOOST_CHECK_THROW(sources_of({"--replay", "tcp://a:1"}), system::UsageError);
}

BOOST_AUTO_TEST_CASE(without_any_it_is_the_receiver_of_this_machine) {
  const auto sources = sources_of({});
  BOOST_REQUIRE(sources.size() == 1);
  BOOST_TEST(sources[0].feed.starts_with("ipc://"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::feed
