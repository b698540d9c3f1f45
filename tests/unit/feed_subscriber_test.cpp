#include "lib/feed/subscriber.h"

#include <sys/eventfd.h>

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <vector>

#include "lib/system/fd.h"
#include "tests/unit/feed_receiver_fixture.h"

using namespace monitor;
using namespace monitor::feed;
using namespace std::chrono_literals;
using tests::FakeReceiver;
using tests::Seqs;

namespace {

std::optional<Event> next(Subscriber& subscriber, const std::vector<FakeReceiver*>& receivers) {
  const tests::Deadline deadline;
  while (!deadline.over()) {
    for (FakeReceiver* receiver : receivers) {
      receiver->serve();
    }
    if (auto event = subscriber.next(1ms, {})) {
      return event;
    }
  }
  return std::nullopt;
}

SubscriberSettings settings(std::vector<Source> sources, Begin begin = Begin::start) {
  return {.sources = std::move(sources), .cursors = {}, .begin = begin};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_subscriber)

BOOST_AUTO_TEST_CASE(two_sources_are_followed_each_in_its_order) {
  FakeReceiver one(30, "one");
  FakeReceiver two(30, "two");
  Subscriber subscriber(settings({one.source(), two.source()}));
  std::map<std::string, std::uint64_t> seen;
  for (int i = 0; i < 60; ++i) {
    const auto event = next(subscriber, {&one, &two});
    BOOST_REQUIRE(event);
    BOOST_TEST(event->seq == seen[event->stream] + 1);
    seen[event->stream] = event->seq;
  }
  const auto progress = subscriber.progress();
  BOOST_TEST((progress.cursors == Cursors{{"one", 30}, {"two", 30}}));
  BOOST_TEST(progress.following);
  BOOST_TEST(progress.lag == 0U);
}

BOOST_AUTO_TEST_CASE(a_busy_source_does_not_starve_the_other) {
  FakeReceiver busy(500, "busy");
  FakeReceiver quiet(20, "quiet");
  busy.batch = 500;
  Subscriber subscriber(settings({busy.source(), quiet.source()}));
  std::map<std::string, std::uint64_t> seen;
  seen[next(subscriber, {&busy}).value().stream] += 1;  // so it has much in hand
  while (seen["quiet"] < 20) {
    std::vector<zmq::pollitem_t> request{quiet.poll_item()};
    zmq::poll(request, std::chrono::milliseconds(10));  // so that its answers have time to come
    seen[next(subscriber, {&busy, &quiet}).value().stream] += 1;
  }
  BOOST_TEST(seen["busy"] < 500U);
}

BOOST_AUTO_TEST_CASE(one_source_that_is_away_does_not_hold_up_the_other) {
  FakeReceiver here(3, "here");
  FakeReceiver away(3, "away");
  away.close();
  Subscriber subscriber(settings({away.source(), here.source()}));
  for (const std::uint64_t seq : {1, 2, 3}) {
    BOOST_TEST(next(subscriber, {&here}).value().seq == seq);
  }
  BOOST_TEST(!subscriber.progress().following);
  away.open();
  BOOST_TEST(next(subscriber, {&here, &away}).value().stream == "away");
  BOOST_TEST(subscriber.progress().following);
}

BOOST_AUTO_TEST_CASE(nothing_comes_once_patience_is_over) {
  FakeReceiver receiver(0);
  Subscriber subscriber(settings({receiver.source()}));
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(!subscriber.next(30ms, {}));
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= 30ms));
  BOOST_TEST(!subscriber.next(0ms, {}));
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_ready_ends_the_waiting) {
  FakeReceiver receiver(0);
  Subscriber subscriber(settings({receiver.source()}));
  const system::Fd ready(::eventfd(1, EFD_CLOEXEC));
  const system::Fd not_ready(::eventfd(0, EFD_CLOEXEC));
  std::vector<pollfd> wake = {{not_ready.get(), POLLIN, 0}, {ready.get(), POLLIN, 0}};
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(!subscriber.next(20s, wake));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 10s));
  BOOST_TEST(wake[0].revents == 0);
  BOOST_TEST(wake[1].revents == POLLIN);
}

BOOST_AUTO_TEST_CASE(a_descriptor_is_looked_at_although_events_flow) {
  FakeReceiver receiver(10);
  Subscriber subscriber(settings({receiver.source()}));
  BOOST_REQUIRE(next(subscriber, {&receiver}));
  const system::Fd signal(::eventfd(0, EFD_CLOEXEC));
  std::vector<pollfd> wake = {{signal.get(), POLLIN, 0}};
  BOOST_TEST(subscriber.next(20s, wake).value().seq == 2U);
  BOOST_TEST(wake[0].revents == 0);
  ::eventfd_write(signal.get(), 1);
  BOOST_TEST(subscriber.next(20s, wake).value().seq == 3U);
  BOOST_TEST(wake[0].revents == POLLIN);
}

BOOST_AUTO_TEST_SUITE_END()
