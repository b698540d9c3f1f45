#include "receiver/feed_access.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::receiver;

namespace {

const std::string kOne = feed::make_key_pair().public_key;
const std::string kTwo = feed::make_key_pair().public_key;

std::string refusal_of(const ReceiverOptions& options) {
  try {
    read_feed_access(options);
    return "";
  } catch (const system::ConfigError& error) {
    return error.what();
  }
}

ReceiverOptions publishing_on(const std::string& endpoint) {
  ReceiverOptions options;
  options.feed = {"ipc:///run/feed", endpoint};
  return options;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_feed_access)

BOOST_AUTO_TEST_CASE(what_only_this_machine_can_reach) {
  for (const char* local :
       {"ipc:///run/feed", "ipc://@abstract", "inproc://feed", "tcp://127.0.0.1:5550",
        "tcp://127.1.2.3:*", "tcp://[::1]:5550", "tcp://::1:5550", "tcp://localhost:5550"}) {
    BOOST_TEST(is_local_endpoint(local), local);
  }
  for (const char* open :
       {"tcp://*:5550", "tcp://0.0.0.0:5550", "tcp://0:5550", "tcp://[::]:5550", "tcp://:::5550",
        "tcp://10.0.0.7:5550", "tcp://[2001:db8::1]:5550", "tcp://[::ffff:10.0.0.7]:5550",
        "tcp://eth0:5550", "tcp://lo:5550", "tcp://localhost.example:5550", "tcp://:5550", "tcp://",
        "tcp://127.0.0.1;10.0.0.7:5550", "TCP://127.0.0.1:5550", "ws://127.0.0.1:80",
        "epgm://127.0.0.1;239.1.1.1:5550", "udp://127.0.0.1:1", ""}) {
    BOOST_TEST(!is_local_endpoint(open), open);
  }
}

BOOST_AUTO_TEST_CASE(an_open_endpoint_without_a_key_is_refused_and_what_to_do_is_said) {
  for (const char* open : {"tcp://*:5550", "tcp://10.0.0.7:5550", "tcp://eth0:5550"}) {
    const std::string refusal = refusal_of(publishing_on(open));
    BOOST_TEST(contains(refusal, open), refusal);
    BOOST_TEST(contains(refusal, "--feed-key"), refusal);
    ReceiverOptions replay;
    replay.replay = {open};
    BOOST_TEST(contains(refusal_of(replay), "--feed-key"));
    ReceiverOptions on_demand = publishing_on(open);
    on_demand.allow_unauthenticated = true;  // of webhooks, not of the feed
    BOOST_TEST(contains(refusal_of(on_demand), "--feed-key"));
  }
  BOOST_TEST(refusal_of(publishing_on("tcp://127.0.0.1:5550")) == "");
}

BOOST_AUTO_TEST_CASE(a_transport_that_knows_no_keys_is_refused_with_a_key_too) {
  tests::TempDir directory;
  feed::write_key_pair(directory / "key", feed::make_key_pair());
  tests::write_file(directory / "clients", "");
  for (const char* endpoint : {"ws://127.0.0.1:80", "epgm://eth0;239.1.1.1:5550", "TCP://*:1"}) {
    ReceiverOptions options = publishing_on(endpoint);
    options.feed_key = directory / "key";
    options.feed_clients = directory / "clients";
    BOOST_TEST(contains(refusal_of(options), "give ipc://PATH or tcp://ADDRESS:PORT"), endpoint);
  }
}

BOOST_AUTO_TEST_CASE(a_key_needs_a_list_of_clients_which_may_be_empty) {
  tests::TempDir directory;
  feed::write_key_pair(directory / "key", feed::make_key_pair());
  ReceiverOptions options = publishing_on("tcp://*:5550");
  options.feed_key = directory / "key";
  BOOST_TEST(contains(refusal_of(options), "--feed-clients"));
  options.feed_clients = directory / "clients";
  BOOST_TEST(contains(refusal_of(options), "cannot use feed clients file"));
  tests::write_file(directory / "clients", "# nobody yet\n");
  BOOST_TEST(refusal_of(options) == "");
  BOOST_TEST(read_feed_access(options).clients.size() == 0U);
  options.feed_key.clear();
  BOOST_TEST(contains(refusal_of(options), "--feed-key"));
}

BOOST_AUTO_TEST_CASE(a_list_has_a_key_a_line_and_a_name_behind_it) {
  const FeedClients clients =
      FeedClients::parse("# ours\n\n  " + kOne + "\tweb 1 \r\n" + kTwo + "\n", "list");
  BOOST_TEST(clients.size() == 2U);
  const std::string* name = clients.name_of(feed::bytes_of_key(kOne));
  BOOST_REQUIRE(name != nullptr);
  BOOST_TEST(*name == "web 1");
  BOOST_TEST(*clients.name_of(feed::bytes_of_key(kTwo)) == kTwo);
  BOOST_TEST(clients.name_of(feed::bytes_of_key(feed::make_key_pair().public_key)) == nullptr);
  BOOST_TEST(clients.name_of("") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_key_is_told_with_its_number) {
  for (const std::string& wrong :
       {std::string("hello"), "web-1 " + kOne, kOne + kTwo, kOne.substr(1)}) {
    BOOST_CHECK_EXCEPTION(FeedClients::parse("#\n" + wrong + "\n", "list"), system::ConfigError,
                          [](const auto& error) { return contains(error.what(), "list: line 2"); });
  }
}

BOOST_AUTO_TEST_CASE(a_name_can_not_forge_a_line_of_the_log) {
  const FeedClients clients =
      FeedClients::parse(kOne + " a\x1b[2Jb\x7f" + std::string(200, 'x'), "");
  const std::string name = *clients.name_of(feed::bytes_of_key(kOne));
  BOOST_TEST(name.find('\x1b') == std::string::npos);
  BOOST_TEST(name.size() < 80U);
}

BOOST_AUTO_TEST_CASE(who_was_taken_out_is_known) {
  const FeedClients before = FeedClients::parse(kOne + " one\n" + kTwo + " two\n", "");
  const FeedClients after = FeedClients::parse(kTwo + " renamed\n", "");
  BOOST_TEST(before.missing_in(after) == std::vector<std::string>{"one"},
             boost::test_tools::per_element());
  BOOST_TEST(after.missing_in(before).empty());
}

BOOST_AUTO_TEST_SUITE_END()
