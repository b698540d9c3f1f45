// Somebody on the network of a feed over tcp who means no good: what is no ZeroMQ, no request, too
// large or too much is dropped, requests that can't be understood are counted, and subscribers and
// senders are served meanwhile.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <random>
#include <zmq.hpp>

#include "lib/feed/message.h"
#include "tests/faults/laboratory.h"
#include "tests/faults/weather.h"
#include "tests/support/bodies.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

using namespace std::string_literals;

// ZMTP 3.0 (rfc.zeromq.org/spec/23): what a peer says first, and what it is.
const std::string kGreeting = "\xff" + std::string(8, '\0') + "\x7f\x03" + '\0' + "NULL" +
                              std::string(16, '\0') + std::string(32, '\0');
const std::string kReady = "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"s + "DEALER";
const std::string kEndlessFrame = "\x02\x40" + std::string(7, '\0');

struct World {
  World() {
    ports.choose_lasting_ports();
    pipeline.choose_lasting_ports();
    // With as few open files as a shell or systemd gives at first.
    pipeline.receiver =
        pipeline.launch("prlimit", {"--nofile=1024:", programs_directory() + "/status-receiver",
                                    "--port", std::to_string(pipeline.receiver_port()), "--feed",
                                    feed(), "--replay", replay()});
    wait_for_port(*pipeline.receiver);
  }
  std::string feed() const { return fmt::format("tcp://127.0.0.1:{}", ports.receiver_port()); }
  std::string replay() const { return fmt::format("tcp://127.0.0.1:{}", ports.store_port()); }

  std::unique_ptr<Process> subscribe() {
    return pipeline.start("status-formatter", {"--feed", feed(), "--replay", replay(), "--from",
                                               "start", "--format", "json"});
  }
  std::set<std::string> post(const std::string& name, int count) {
    std::set<std::string> ids;
    for (int i = 0; i < count; ++i) {
      const std::string id = fmt::format("{}{}", name, i);
      BOOST_TEST(pipeline.post(incident_body(id)).status == 200);
      ids.insert(id);
    }
    return ids;
  }
  // A subscriber that was there gets it, and so does one that comes now.
  void check_served(Process& subscriber, const std::string& name) {
    auto posted = post(name, 5);
    HttpClient stranger;
    BOOST_TEST(stranger.post(pipeline.webhook_url(), incident_body(name)).status == 200, name);
    posted.insert(name);
    BOOST_TEST(ask_until([&] { return missing(posted, subscriber.lines(Stream::out)) == 0; }),
               name);
    auto late = subscribe();
    BOOST_TEST(ask_until([&] { return missing(posted, late->lines(Stream::out)) == 0; }), name);
  }
  std::int64_t malformed() {
    const std::string text = pipeline.client.get(pipeline.receiver_url("/metrics")).body;
    const std::string name = "\nstatus_receiver_replay_malformed_total ";
    const std::size_t at = text.find(name);
    return at == std::string::npos ? -1 : std::atoll(text.c_str() + at + name.size());
  }

  Pipeline ports;  // for its two ports only
  Pipeline pipeline;
};

zmq::socket_t dealer(zmq::context_t& context, const std::string& endpoint) {
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::rcvhwm, 1);
  socket.connect(endpoint);
  return socket;
}

BOOST_AUTO_TEST_SUITE(Neighbour)

BOOST_AUTO_TEST_CASE(what_is_no_zeromq_is_dropped) {
  World world;
  auto subscriber = world.subscribe();
  const std::size_t memory = world.pipeline.receiver->resident_kib();
  std::mt19937 random(seed());
  std::deque<RawConnection> open;
  for (int i = 0; i < rounds(40); ++i) {
    for (const int port : {world.ports.receiver_port(), world.ports.store_port()}) {
      std::string garbage(1 + random() % 5000, '\0');
      std::generate(garbage.begin(), garbage.end(), [&] { return static_cast<char>(random()); });
      std::string curve = kGreeting;
      curve.replace(12, 5, "CURVE");
      for (const std::string& bytes :
           {garbage, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"s, curve, kGreeting.substr(0, 11),
            kGreeting + garbage, kGreeting + kReady + garbage,
            kGreeting + kReady + kEndlessFrame + garbage}) {
        open.emplace_back(port).send(bytes);
      }
    }
  }
  world.check_served(*subscriber, "garbage");
  if (memory_counts()) {
    BOOST_TEST(world.pipeline.receiver->resident_kib() < memory + 32U * 1024);
  }
  // A frame that says it has 4 EiB ends its connection.
  RawConnection endless(world.ports.store_port());
  endless.send(kGreeting + kReady + kEndlessFrame);
  BOOST_TEST(endless.wait_for_close());
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_counted) {
  World world;
  auto subscriber = world.subscribe();
  zmq::context_t context;
  zmq::socket_t hostile = dealer(context, world.replay());
  const std::string good =
      feed::encode(feed::ReplayRequest{.id = 1, .stream = {}, .from = 1, .limit = 1});
  const std::string bad[] = {"",
                             "\0\xff garbage"s,
                             "{}",
                             "[1]",
                             good.substr(0, good.size() - 1),
                             R"({"v":1,"from":-1,"limit":1})",
                             R"({"v":1,"from":1,"limit":1e300})",
                             R"({"v":1,"from":99999999999999999999999,"limit":1})",
                             R"({"v":1,"from":"1","limit":1})",
                             std::string(2000, '['),
                             R"({"v":99,"from":1,"limit":1})"};
  for (const std::string& one : bad) {
    hostile.send(zmq::buffer(one), zmq::send_flags::none);
  }
  for (int i = 0; i < 9; ++i) {  // frames without end
    hostile.send(zmq::buffer("x"s), zmq::send_flags::sndmore);
  }
  hostile.send(zmq::buffer(good), zmq::send_flags::none);
  const auto count = static_cast<std::int64_t>(std::size(bad)) + 1;
  BOOST_TEST(ask_until([&] { return world.malformed() == count; }), world.malformed());
  // As far as numbers go.
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    const feed::ReplayRequest request{.id = number, .stream = {}, .from = number, .limit = number};
    hostile.send(zmq::buffer(feed::encode(request)), zmq::send_flags::none);
  }
  // More than a request can have.
  hostile.send(zmq::buffer(std::string(1 << 20, 'x')), zmq::send_flags::none);
  world.check_served(*subscriber, "counted");
}

BOOST_AUTO_TEST_CASE(requests_whose_answers_nobody_reads_take_no_memory) {
  World world;
  auto subscriber = world.subscribe();
  world.post("kept", 50);
  zmq::context_t context;
  std::deque<zmq::socket_t> deaf;
  for (int i = 0; i < 10; ++i) {
    deaf.push_back(dealer(context, world.replay()));
  }
  const std::size_t memory = world.pipeline.receiver->resident_kib();
  const std::string all =
      feed::encode(feed::ReplayRequest{.id = 1, .stream = {}, .from = 1, .limit = 1'000'000});
  for (int i = 0; i < rounds(5000); ++i) {
    for (zmq::socket_t& socket : deaf) {
      socket.send(zmq::buffer(all), zmq::send_flags::dontwait);
    }
  }
  world.check_served(*subscriber, "deaf");
  if (memory_counts()) {
    BOOST_TEST_MESSAGE(fmt::format("receiver: {} KiB, with ten deaf askers {} KiB", memory,
                                   world.pipeline.receiver->resident_kib()));
    BOOST_TEST(world.pipeline.receiver->resident_kib() < memory + 32U * 1024);
  }
}

BOOST_AUTO_TEST_CASE(thousands_of_connections_leave_room_for_others) {
  World world;
  auto subscriber = world.subscribe();
  const Milliseconds before = p99_of_posts(world.pipeline, 100);
  const std::size_t each = descriptors(rounds(1) > 1 ? 10'000 : 5'000) / 2;
  std::deque<RawConnection> all;
  for (std::size_t i = 0; i < each; ++i) {
    all.emplace_back(world.ports.receiver_port());
    all.emplace_back(world.ports.store_port());
  }
  check_unharmed(before, p99_of_posts(world.pipeline, 100));
  world.check_served(*subscriber, "crowd");
  all.clear();
  world.check_served(*subscriber, "after");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
