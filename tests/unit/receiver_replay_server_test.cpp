#include "lib/feed/netstring.h"
#include "receiver/replay_server.h"

#include <boost/test/unit_test.hpp>
#include <iterator>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "lib/feed/message.h"
#include "receiver/publisher.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using feed::ReplayAnswer;
using feed::ReplayRequest;

namespace {

using Frames = std::vector<std::string>;

struct Client {
  Client(zmq::context_t& context, zmq::socket_type type, const std::string& endpoint)
      : socket(context, type) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, 20'000);
    socket.connect(endpoint);
  }
  void send(const Frames& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      socket.send(zmq::buffer(frames[i]),
                  i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }
  // The frames but the last as they are, and what is packed in that.
  Frames receive() {
    std::vector<zmq::message_t> frames;
    BOOST_REQUIRE(zmq::recv_multipart(socket, std::back_inserter(frames)));
    Frames texts;
    for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
      texts.push_back(frames[i].to_string());
    }
    const auto packed = feed::unpack_netstrings(frames.back().to_string_view());
    BOOST_REQUIRE(packed);
    texts.insert(texts.end(), packed->begin(), packed->end());
    return texts;
  }
  Frames ask(const ReplayRequest& request) {
    send({feed::encode(request)});
    return receive();
  }
  zmq::socket_t socket;
};

struct Serving {
  explicit Serving(int events, const std::string& body = "{}") { append(events, body); }

  void append(int count, const std::string& body) {
    std::vector<feed::Event> events(static_cast<std::size_t>(count));
    std::vector<feed::Event*> pointers;
    for (feed::Event& event : events) {
      event.received_at = system::now();
      event.format = "statuspage";
      event.provider = "github";
      event.body = body;
      pointers.push_back(&event);
    }
    BOOST_REQUIRE(!journal.append(pointers));
  }
  ReplayRequest request(std::uint64_t from, std::uint64_t limit) const {
    return {.id = 7, .stream = journal.stream(), .from = from, .limit = limit};
  }

  tests::TempDir directory;
  std::string endpoint = "ipc://" + (directory / "replay");
  receiver::Journal journal{directory.path().string()};
  receiver::Counters counters;
  zmq::context_t context;
  receiver::SharedPolicy policy{std::make_shared<const receiver::Policy>(
      status::Providers::shipped(), http::TokenCheck(), true)};
  receiver::ReplayServer server{context, {{endpoint}}, journal, policy, counters};
  Client client{context, zmq::socket_type::dealer, endpoint};
};

ReplayAnswer head_of(const Frames& frames) {
  const auto answer = feed::decode_answer(frames.at(0));
  BOOST_REQUIRE(answer);
  BOOST_TEST(frames.size() == 1 + 2 * answer->count);
  return *answer;
}

void check_seqs(const Frames& frames, std::uint64_t first, std::uint64_t count) {
  BOOST_TEST(head_of(frames).count == count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto event = feed::decode_header(frames.at(1 + 2 * i));
    BOOST_REQUIRE(event);
    BOOST_TEST(event->seq == first + i);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_replay_server)

// Found by a server before this one, as after the list of clients was read again.
BOOST_AUTO_TEST_CASE(damage_that_another_found_before_is_no_news) {
  Serving serving(3);
  serving.counters.damaged = 2;
  check_seqs(serving.client.ask(serving.request(1, 3)), 1, 3);
  BOOST_TEST(serving.counters.damaged == 2U);
}

BOOST_AUTO_TEST_CASE(a_range_is_answered_with_its_events) {
  Serving serving(20, R"({"a":1})");
  const Frames frames = serving.client.ask(serving.request(5, 3));
  check_seqs(frames, 5, 3);
  const ReplayAnswer head = head_of(frames);
  BOOST_TEST(head.id == 7U);
  BOOST_TEST(head.stream == serving.journal.stream());
  BOOST_TEST(head.first == 1U);
  BOOST_TEST(head.last == 20U);
  BOOST_TEST(frames.at(2) == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(every_range_has_its_answer) {
  Serving serving(20);
  check_seqs(serving.client.ask(serving.request(0, 2)), 1, 2);
  check_seqs(serving.client.ask(serving.request(19, 1'000'000)), 19, 2);
  check_seqs(serving.client.ask(serving.request(20, 1)), 20, 1);
  check_seqs(serving.client.ask(serving.request(1, 0)), 0, 0);
  check_seqs(serving.client.ask(serving.request(21, 5)), 0, 0);
  check_seqs(serving.client.ask(serving.request(INT64_MAX, INT64_MAX)), 0, 0);
  check_seqs(serving.client.ask({.id = 1, .stream = "", .from = 3, .limit = 1}), 3, 1);
  const Frames other = serving.client.ask({.id = 1, .stream = "other", .from = 1, .limit = 5});
  check_seqs(other, 0, 0);
  BOOST_TEST(head_of(other).stream == serving.journal.stream());
  BOOST_TEST(head_of(other).last == 20U);
}

BOOST_AUTO_TEST_CASE(an_empty_journal_and_one_without_its_beginning_say_so) {
  Serving serving(0);
  BOOST_TEST(head_of(serving.client.ask(serving.request(1, 5))).first == 1U);
  BOOST_TEST(head_of(serving.client.ask(serving.request(1, 5))).last == 0U);
  serving.append(10, "{}");
  serving.journal.retire({std::chrono::seconds(0), 0}, system::now(), 4);
  const Frames frames = serving.client.ask(serving.request(1, 2));
  BOOST_TEST(head_of(frames).first == 5U);
  check_seqs(frames, 5, 2);
}

BOOST_AUTO_TEST_CASE(a_batch_is_bounded_in_events_and_bytes) {
  Serving serving(1500);
  check_seqs(serving.client.ask(serving.request(1, 1'000'000)), 1, 1000);
  serving.append(5, std::string(400'000, 'x'));
  check_seqs(serving.client.ask(serving.request(1501, 1'000'000)), 1501, 3);
}

BOOST_AUTO_TEST_CASE(req_gets_its_answer_too) {
  Serving serving(3);
  Client req(serving.context, zmq::socket_type::req, serving.endpoint);
  check_seqs(req.ask(serving.request(2, 5)), 2, 2);
  serving.client.send({"", feed::encode(serving.request(2, 5))});
  const Frames frames = serving.client.receive();
  BOOST_TEST(frames.at(0) == "");
  check_seqs(Frames(frames.begin() + 1, frames.end()), 2, 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_dropped_and_counted) {
  Serving serving(3);
  const std::vector<Frames> hostile = {{""},
                                       {"nonsense"},
                                       {std::string(4000, '[')},
                                       {std::string("\0\0\0", 3)},
                                       {"{}"},
                                       {R"({"v":1,"from":-1,"limit":1})"},
                                       {R"({"v":1,"from":1e999,"limit":1})"},
                                       {R"({"v":2,"from":1,"limit":1})"},
                                       {feed::encode(serving.request(1, 1)), "more"},
                                       {"", "", feed::encode(serving.request(1, 1))},
                                       {"x", feed::encode(serving.request(1, 1))}};
  for (const Frames& frames : hostile) {
    serving.client.send(frames);
  }
  check_seqs(serving.client.ask(serving.request(1, 1)), 1, 1);
  BOOST_TEST(serving.counters.replay_malformed == hostile.size());
}

BOOST_AUTO_TEST_CASE(who_sends_too_much_is_disconnected_before_it_is_read) {
  Serving serving(3);
  {
    Client hostile(serving.context, zmq::socket_type::dealer, serving.endpoint);
    hostile.socket.set(zmq::sockopt::immediate, true);
    BOOST_REQUIRE(::zmq_socket_monitor(hostile.socket.handle(), "inproc://watch",
                                       ZMQ_EVENT_DISCONNECTED) == 0);
    zmq::socket_t watch(serving.context, zmq::socket_type::pair);
    watch.set(zmq::sockopt::linger, 0);
    watch.set(zmq::sockopt::rcvtimeo, 20'000);
    watch.connect("inproc://watch");
    hostile.send({std::string(1 << 20, 'x')});
    zmq::message_t event;
    BOOST_TEST(watch.recv(event).has_value());
    ::zmq_socket_monitor(hostile.socket.handle(), nullptr, 0);
  }
  check_seqs(serving.client.ask(serving.request(1, 1)), 1, 1);
  BOOST_TEST(serving.counters.replay_malformed == 0U);
}

BOOST_AUTO_TEST_CASE(one_that_never_reads_does_not_stop_the_others) {
  Serving serving(50, std::string(100'000, 'x'));
  Client deaf(serving.context, zmq::socket_type::dealer, serving.endpoint);
  for (int i = 0; i < 30; ++i) {
    deaf.send({feed::encode(serving.request(1, 1000))});
  }
  for (int i = 0; i < 5; ++i) {
    check_seqs(serving.client.ask(serving.request(50, 1)), 50, 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_publisher)

namespace {

struct Publishing {
  Publishing() {
    subscriber.set(zmq::sockopt::linger, 0);
    subscriber.set(zmq::sockopt::rcvtimeo, 20'000);
    subscriber.set(zmq::sockopt::subscribe, "");
    subscriber.connect(endpoint);
    // Heard once it is heard: then all that follows is.
    subscriber.set(zmq::sockopt::rcvtimeo, 10);
    BOOST_REQUIRE(tests::ask_until([&] {
      publisher.heartbeat("hello", 0);
      std::vector<zmq::message_t> frames;
      return zmq::recv_multipart(subscriber, std::back_inserter(frames)).has_value();
    }));
    subscriber.set(zmq::sockopt::rcvtimeo, 20'000);
  }
  // The next message that is no greeting.
  Frames receive() {
    for (;;) {
      std::vector<zmq::message_t> frames;
      BOOST_REQUIRE(zmq::recv_multipart(subscriber, std::back_inserter(frames)));
      Frames texts;
      for (const auto& frame : frames) {
        texts.push_back(frame.to_string());
      }
      if (texts.at(1).find("hello") == std::string::npos) {
        return texts;
      }
    }
  }

  tests::TempDir directory;
  std::string endpoint = "ipc://" + (directory / "feed");
  zmq::context_t context;
  receiver::Publisher publisher{context, {{endpoint}}};
  zmq::socket_t subscriber{context, zmq::socket_type::sub};
};

feed::Event large(std::size_t bytes) {
  return {.stream = "s",
          .seq = 7,
          .received_at = system::now(),
          .format = "statuspage",
          .provider = "github",
          .provider_name = "GitHub",
          .test = false,
          .body = std::string(bytes, 'x')};
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_event_goes_out_in_three_frames) {
  Publishing publishing;
  const feed::Event event = large(64 * 1024);
  publishing.publisher.publish(event);
  const Frames frames = publishing.receive();
  BOOST_REQUIRE(frames.size() == 3U);
  BOOST_TEST(frames[0] == "webhook/github/");
  BOOST_TEST(frames[1] == feed::encode_header(event));
  BOOST_TEST((frames[2] == event.body));
}

BOOST_AUTO_TEST_CASE(a_large_one_is_told_by_a_heartbeat_only) {
  Publishing publishing;
  publishing.publisher.publish(large(64 * 1024 + 1));
  BOOST_TEST(
      (publishing.receive() == Frames{"heartbeat/", feed::encode(feed::Heartbeat{"s", 7}), ""}));
}

BOOST_AUTO_TEST_CASE(a_heartbeat_has_stream_and_seq_and_an_empty_body) {
  Publishing publishing;
  publishing.publisher.heartbeat("s", 42);
  BOOST_TEST(
      (publishing.receive() == Frames{"heartbeat/", R"({"v":1,"stream":"s","seq":42})", ""}));
}

BOOST_AUTO_TEST_SUITE_END()
