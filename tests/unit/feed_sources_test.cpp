// The --feed and --replay options.
#include "lib/feed/sources.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

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

struct KeyFiles {
  KeyFiles() { write_key_pair(own, pair); }
  std::string write(const std::string& name) const {
    tests::write_file(directory / name, make_key_pair().public_key + "\n");
    return directory / name;
  }
  tests::TempDir directory;
  std::string own = directory / "own";
  KeyPair pair = make_key_pair();
  std::string one = write("one");
  std::string two = write("two");
};

BOOST_FIXTURE_TEST_CASE(one_key_is_for_every_tcp_feed_and_ipc_needs_none, KeyFiles) {
  const auto sources =
      sources_of({"--feed", "tcp://a:1", "--feed", "ipc://b", "--feed", "tcp://c:1", "--replay",
                  "tcp://a:2", "--replay", "ipc://d", "--replay", "tcp://c:2", "--feed-server-key",
                  one, "--feed-key", own});
  BOOST_TEST(sources.at(0).keys.server_key == read_public_key(one));
  BOOST_TEST(sources.at(0).keys.own.secret_key == pair.secret_key);
  BOOST_TEST(sources.at(1).keys.server_key == "");
  BOOST_TEST(sources.at(2).keys.server_key == read_public_key(one));
}

BOOST_FIXTURE_TEST_CASE(each_tcp_feed_may_have_its_own_or_none, KeyFiles) {
  const auto sources =
      sources_of({"--feed", "tcp://a:1", "--feed", "ipc://b", "--feed", "tcp://c:1", "--replay",
                  "tcp://a:2", "--replay", "ipc://d", "--replay", "tcp://c:2", "--feed-server-key",
                  "none", "--feed-server-key", two, "--feed-key", own});
  BOOST_TEST(sources.at(0).keys.server_key == "");
  BOOST_TEST(sources.at(1).keys.server_key == "");
  BOOST_TEST(sources.at(2).keys.server_key == read_public_key(two));
}

BOOST_FIXTURE_TEST_CASE(keys_that_do_not_pair_up_are_refused, KeyFiles) {
  const std::vector<std::string> tcp{"--feed", "tcp://a:1", "--replay", "tcp://a:2"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.begin(), tcp.begin(), tcp.end());
    return words;
  };
  BOOST_CHECK_THROW(sources_of(with({"--feed-key", own})), system::UsageError);
  BOOST_CHECK_THROW(sources_of(with({"--feed-server-key", one})), system::UsageError);
  BOOST_CHECK_THROW(
      sources_of(with({"--feed-server-key", one, "--feed-server-key", one, "--feed-key", own})),
      system::UsageError);
  BOOST_CHECK_THROW(sources_of({"--feed-server-key", one, "--feed-key", own}), system::UsageError);
  BOOST_CHECK_THROW(sources_of(with({"--feed-server-key", "nothing", "--feed-key", own})),
                    system::ConfigError);
  BOOST_CHECK_THROW(sources_of(with({"--feed-server-key", one, "--feed-key", "nowhere"})),
                    system::ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::feed
