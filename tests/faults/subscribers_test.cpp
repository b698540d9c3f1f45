// Subscribers that are slow, stopped, killed, late or far too many: senders and the other
// subscribers notice nothing, the receiver's memory stays what it is, and nobody has a gap that
// they don't know of.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <deque>
#include <zmq.hpp>

#include "tests/faults/laboratory.h"
#include "tests/faults/weather.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

constexpr int kSubscribers = 1000;
// KiB: up to 1000 messages of three frames wait for each, whose bodies all of them share.
constexpr std::size_t kMemoryOfEach = 256;
constexpr std::size_t kMemoryOfBodies = 32 * 1024;

std::set<std::string> post_many(Pipeline& pipeline, std::size_t count) {
  Senders senders(pipeline.webhook_url(), 4, 2000);
  senders.allow(count);
  BOOST_REQUIRE(senders.wait_for_accepted(count));
  senders.stop();
  return senders.accepted();
}

bool has_all(Process& formatter, const std::set<std::string>& posted) {
  return ask_until([&] { return missing(posted, formatter.lines(Stream::out)) == 0; });
}

BOOST_AUTO_TEST_SUITE(Subscribers)

BOOST_AUTO_TEST_CASE(a_thousand_that_read_nothing_cost_the_others_nothing) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter", {"--format", "json"});
  const Milliseconds before = p99_of_posts(pipeline, rounds(200));
  const std::size_t memory = pipeline.receiver->resident_kib();

  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, kSubscribers + 10);
  std::deque<zmq::socket_t> deaf;
  const std::size_t count = descriptors(3 * kSubscribers) / 3;  // a socket has its own descriptors
  for (std::size_t i = 0; i < count; ++i) {
    zmq::socket_t& socket = deaf.emplace_back(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::rcvhwm, 1);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::subscribe, "");
    socket.connect("ipc://" + pipeline.path("runtime/status-monitor/feed"));
  }
  for (zmq::socket_t& socket : deaf) {  // each of them is there: it has heard one thing
    zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
    BOOST_REQUIRE(zmq::poll(&item, 1, kPatience) == 1);
  }
  check_unharmed(before, p99_of_posts(pipeline, rounds(200)));
  const auto posted = post_many(pipeline, static_cast<std::size_t>(rounds(3000)));
  BOOST_TEST(has_all(*formatter, posted));
  check_order(formatter->lines(Stream::out));
  const std::size_t full = pipeline.receiver->resident_kib();
  post_many(pipeline, static_cast<std::size_t>(rounds(1500)));
  if (memory_counts()) {
    BOOST_TEST_MESSAGE(fmt::format("receiver: {} KiB, with {} deaf subscribers {} KiB, later {}",
                                   memory, count, full, pipeline.receiver->resident_kib()));
    BOOST_TEST(full < memory + count * kMemoryOfEach + kMemoryOfBodies);
    BOOST_TEST(pipeline.receiver->resident_kib() < full + kMemoryOfBodies / 4);
  }
}

BOOST_AUTO_TEST_CASE(one_that_was_stopped_has_no_gap_and_one_that_was_killed_harms_nobody) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto good = pipeline.start("status-formatter", {"--format", "json"});
  auto stopped = pipeline.start("status-formatter", {"--format", "json"});
  auto killed = pipeline.start("status-formatter", {"--format", "json"});
  const Milliseconds before = p99_of_posts(pipeline, rounds(100));
  stopped->signal(SIGSTOP);
  killed->kill();
  check_unharmed(before, p99_of_posts(pipeline, rounds(100)));
  // More than the high-water mark: some are dropped and must be fetched.
  const auto posted = post_many(pipeline, static_cast<std::size_t>(rounds(2500)));
  BOOST_TEST(has_all(*good, posted));
  stopped->signal(SIGCONT);
  BOOST_TEST(has_all(*stopped, posted));
  check_order(good->lines(Stream::out));
  check_order(stopped->lines(Stream::out));
}

BOOST_AUTO_TEST_CASE(one_that_comes_too_late_is_told_which_range_is_gone) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--keep-age", "1s"});
  post_many(pipeline, 50);
  // The newest is always kept.
  BOOST_REQUIRE(ask_until([&] {
    const Json health(pipeline.client.get(pipeline.receiver_url("/health")).body);
    return health["journal"]["first_seq"].integer().value_or(0) == 50;
  }));
  auto late = pipeline.start("status-formatter", {"--format", "json", "--from", "start"});
  late->wait_for_line(Stream::err, "seq 1 to 49 of stream [0-9a-z]+ are gone");
  const std::string first = late->wait_for_lines(Stream::out, 1)[0];
  BOOST_TEST(Json(first)["seq"].integer().value_or(0) == 50);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
