// The doors of the feed with keys, on loopback: who gets in, who does not, and what becomes of
// those who are inside when the list changes.
#include "receiver/outlet.h"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <zmq_addon.hpp>

#include "lib/feed/subscriber.h"
#include "lib/system/log.h"
#include "tests/support/deadline.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::receiver;
using namespace std::chrono_literals;

namespace {

struct Doors {
  Doors() {
    options.feed = {"ipc://" + (directory / "feed"), "tcp://127.0.0.1:*"};
    options.replay = {"ipc://" + (directory / "replay"), "tcp://127.0.0.1:*"};
    options.feed_clients = "the list";
    outlet = std::make_unique<Outlet>(options, access({{web, "web"}}), journal, policy, counters);
    // "publishing on IPC TCP, replaying on IPC TCP"
    const std::string places = outlet->places();
    feed_at = word_at(places, places.find("tcp://"));
    replay_at = word_at(places, places.rfind("tcp://"));
  }
  using Guests = std::vector<std::pair<feed::KeyPair, std::string>>;

  static std::string word_at(const std::string& text, std::size_t begin) {
    return text.substr(begin, text.find_first_of(" ,", begin) - begin);
  }
  FeedAccess access(const Guests& guests) const {
    std::string list;
    for (const auto& [pair, name] : guests) {
      list += pair.public_key + " " + name + "\n";
    }
    return {.key = ours, .clients = FeedClients::parse(list, "the list")};
  }
  void append() {
    feed::Event event;
    event.received_at = system::now();
    event.format = "statuspage";
    event.provider = "github";
    event.body = "{}";
    std::vector<feed::Event*> events{&event};
    BOOST_REQUIRE(!journal.append(events));
    outlet->publish(event);
  }
  std::unique_ptr<feed::Subscriber> subscriber(const feed::ClientKeys& keys) const {
    return std::make_unique<feed::Subscriber>(feed::SubscriberSettings{
        .sources = {{feed_at, replay_at, keys}}, .cursors = {}, .begin = feed::Begin::start});
  }
  std::unique_ptr<feed::Subscriber> subscriber(const feed::KeyPair& pair) const {
    return subscriber(feed::ClientKeys{ours.public_key, pair});
  }
  static std::uint64_t next_of(feed::Subscriber& one) {
    const auto event = one.next(tests::kPatience, {});
    return event ? event->seq : 0;
  }
  // It waits for events, none come, and it says why.
  static std::string trouble_of(feed::Subscriber& one) {
    BOOST_TEST(tests::ask_until([&] {
      BOOST_TEST(!one.next(10ms, {}));
      return !one.progress().trouble.empty();
    }));
    return one.progress().trouble;
  }

  tests::TempDir directory;
  ReceiverOptions options;
  feed::KeyPair ours = feed::make_key_pair();
  feed::KeyPair web = feed::make_key_pair();
  feed::KeyPair other = feed::make_key_pair();
  Journal journal{directory.path().string()};
  Counters counters;
  SharedPolicy policy{
      std::make_shared<const Policy>(status::Providers::shipped(), http::TokenCheck(), true)};
  std::unique_ptr<Outlet> outlet;
  std::string feed_at;
  std::string replay_at;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(receiver_outlet, Doors)

BOOST_AUTO_TEST_CASE(a_client_on_the_list_gets_what_is_kept_and_what_comes) {
  append();
  const auto client = subscriber(web);
  BOOST_TEST(next_of(*client) == 1U);
  append();
  BOOST_TEST(next_of(*client) == 2U);
  BOOST_TEST(counters.feed_admitted.load() == 2U);
  BOOST_TEST(counters.feed_connections.load() >= 2U);
  BOOST_TEST(counters.feed_refused.load() == 0U);
}

BOOST_AUTO_TEST_CASE(by_ipc_nobody_needs_a_key) {
  append();
  feed::Subscriber client({.sources = {{options.feed[0], options.replay[0], {}}},
                           .cursors = {},
                           .begin = feed::Begin::start});
  BOOST_TEST(next_of(client) == 1U);
  BOOST_TEST(counters.feed_connections.load() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_not_on_the_list_gets_nothing_and_is_told_what_to_do) {
  append();
  const auto client = subscriber(other);
  const std::string trouble = trouble_of(*client);
  BOOST_TEST(contains(trouble, other.public_key), trouble);
  BOOST_TEST(contains(trouble, "--feed-clients"), trouble);
  BOOST_TEST(counters.feed_refused.load() >= 1U);
  BOOST_TEST(counters.feed_admitted.load() == 0U);
  BOOST_TEST(!client->progress().following);
}

BOOST_AUTO_TEST_CASE(who_is_put_on_the_list_is_let_in) {
  append();
  const auto client = subscriber(other);
  trouble_of(*client);
  outlet->admit(access({{web, "web"}, {other, "other"}}));
  BOOST_TEST(next_of(*client) == 1U);
  BOOST_TEST(client->progress().trouble == "");
}

BOOST_AUTO_TEST_CASE(who_is_taken_off_the_list_hears_no_more_and_the_others_miss_nothing) {
  outlet->admit(access({{web, "web"}, {other, "other"}}));
  append();
  const auto staying = subscriber(web);
  const auto leaving = subscriber(other);
  BOOST_TEST(next_of(*staying) == 1U);
  BOOST_TEST(next_of(*leaving) == 1U);
  outlet->admit(access({{web, "web"}}));
  append();
  BOOST_TEST(tests::ask_until([&] {  // as the receiver does, once a second
    outlet->heartbeat(journal.stream(), journal.last_seq());
    const auto event = staying->next(10ms, {});
    return event && event->seq == 2;
  }));
  BOOST_TEST(contains(trouble_of(*leaving), other.public_key));
}

BOOST_AUTO_TEST_CASE(without_our_public_key_nobody_gets_anything) {
  append();
  const auto wrong = subscriber(feed::ClientKeys{other.public_key, web});
  const auto none = subscriber(feed::ClientKeys{});
  trouble_of(*wrong);
  trouble_of(*none);
  BOOST_TEST(counters.feed_admitted.load() == 0U);
}

BOOST_AUTO_TEST_CASE(a_neighbour_that_speaks_something_else_is_dropped_and_others_are_served) {
  const int port = std::stoi(feed_at.substr(feed_at.rfind(':') + 1));
  for (const std::string& garbage :
       {std::string("GET / HTTP/1.0\r\n\r\n"), std::string(5000, '\0'), std::string(5000, '\xff'),
        std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16)}) {
    tests::RawConnection connection(port);
    connection.send(garbage);
  }
  BOOST_TEST(tests::ask_until([&] { return counters.feed_connections.load() >= 4; }));
  append();
  const auto client = subscriber(web);
  BOOST_TEST(next_of(*client) == 1U);
  BOOST_TEST(counters.feed_admitted.load() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Door {
  std::string ask(const std::vector<std::string>& frames) {
    zmq::socket_t asker(context, zmq::socket_type::req);
    asker.set(zmq::sockopt::linger, 0);
    asker.connect("inproc://zeromq.zap.01");
    for (std::size_t i = 0; i < frames.size(); ++i) {
      asker.send(zmq::buffer(frames[i]),
                 i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
    std::vector<zmq::message_t> answer;
    BOOST_REQUIRE(zmq::recv_multipart(asker, std::back_inserter(answer)));
    BOOST_REQUIRE(answer.size() == 6U);
    return answer[2].to_string();
  }

  const feed::KeyPair guest = feed::make_key_pair();
  zmq::context_t context;
  Counters counters;
  Doorkeeper doorkeeper{
      context, FeedClients::parse(guest.public_key + " guest", "list"), "list", {}, counters};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(receiver_doorkeeper, Door)

BOOST_AUTO_TEST_CASE(only_a_known_key_shown_by_curve_comes_in) {
  const std::string key = feed::bytes_of_key(guest.public_key);
  BOOST_TEST(ask({"1.0", "1", "feed", "10.0.0.7", "", "CURVE", key}) == "200");
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"1.0", "1", "feed", "10.0.0.7", "", "NULL"},
           {"1.0", "1", "feed", "10.0.0.7", "", "NULL", key},
           {"1.0", "1", "feed", "10.0.0.7", "", "PLAIN", "a", "b"},
           {"1.0", "1", "feed", "", "", "CURVE", key.substr(1)},
           {"1.0", "1", "feed", "", "", "CURVE", key + "x"},
           {"1.0", "1", "feed", "", "", "CURVE", ""},
           {"1.0"},
           {""}}) {
    BOOST_TEST(ask(wrong) == "400");
  }
  BOOST_TEST(counters.feed_admitted.load() == 1U);
  BOOST_TEST(counters.feed_refused.load() == 8U);
}

BOOST_AUTO_TEST_CASE(the_list_of_the_moment_counts) {
  const std::string key = feed::bytes_of_key(guest.public_key);
  doorkeeper.set_clients({});
  BOOST_TEST(ask({"1.0", "1", "feed", "10.0.0.7", "", "CURVE", key}) == "400");
}

BOOST_AUTO_TEST_SUITE_END()
