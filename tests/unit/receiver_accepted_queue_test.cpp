#include "receiver/accepted_queue.h"

#include <poll.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http_client.h"

using namespace monitor;
using receiver::Accepted;
using receiver::AcceptedQueue;

namespace {

// Pushes every request; what the queue does not take is answered 429, so that it shows.
class Pushing : public http::Handler {
 public:
  explicit Pushing(AcceptedQueue& queue) : queue_(queue) {}
  std::optional<http::Response> admit(const http::Request&) override { return std::nullopt; }
  void serve(http::Exchange exchange) override {
    feed::Event event;
    event.body = exchange.request().path;
    Accepted accepted{std::move(event), std::move(exchange)};
    if (!queue_.push(accepted)) {
      accepted.exchange.answer({.status = 429, .body = accepted.event.body});
    } else {
      ++pushed;
    }
  }
  std::atomic<int> pushed{0};

 private:
  AcceptedQueue& queue_;
};

bool readable(const AcceptedQueue& queue, int patience_ms = 0) {
  pollfd fd{queue.fd(), POLLIN, 0};
  return ::poll(&fd, 1, patience_ms) == 1;
}

// A queue of two behind a server, and senders on threads of their own.
struct Setup {
  AcceptedQueue queue{2};
  http::Server server{http::ServerSettings{}};
  Pushing pushing{queue};
  std::vector<std::thread> senders;
  std::mutex mutex;
  std::vector<int> statuses;

  Setup() { server.start(pushing); }
  ~Setup() {
    queue.close();
    join();
  }
  void join() {
    for (std::thread& sender : senders) {
      sender.join();
    }
    senders.clear();
  }
  void send(const std::string& path) {
    senders.emplace_back([this, path] {
      tests::HttpClient client;
      const int status = client.get(server.url() + path).status;
      const std::lock_guard lock(mutex);
      statuses.push_back(status);
    });
  }
  // Until `count` wait in the queue; they are then out of it.
  std::vector<Accepted> take(std::size_t count) {
    std::vector<Accepted> taken;
    while (taken.size() < count && readable(queue, 20'000)) {
      for (Accepted& accepted : queue.take()) {
        taken.push_back(std::move(accepted));
      }
    }
    BOOST_REQUIRE(taken.size() == count);
    return taken;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_accepted_queue)

BOOST_AUTO_TEST_CASE(it_wakes_the_loop_and_hands_over_what_waits) {
  Setup setup;
  BOOST_TEST(!readable(setup.queue));
  BOOST_TEST(setup.queue.take().empty());
  setup.send("/a");
  auto taken = setup.take(1);
  BOOST_TEST(taken[0].event.body == "/a");
  BOOST_TEST(!readable(setup.queue));
  setup.send("/b");
  auto more = setup.take(1);
  BOOST_TEST(more[0].event.body == "/b");
  taken[0].exchange.answer({.status = 200});
  more[0].exchange.answer({.status = 200});
  setup.join();
  BOOST_TEST((setup.statuses == std::vector<int>{200, 200}));
}

BOOST_AUTO_TEST_CASE(a_full_queue_takes_no_more_and_leaves_the_webhook_untouched) {
  Setup setup;
  setup.send("/a");
  setup.send("/b");
  BOOST_REQUIRE(tests::ask_until([&] { return setup.pushing.pushed == 2; }));
  tests::HttpClient client;
  const tests::HttpAnswer answer = client.get(setup.server.url() + "/c");
  BOOST_TEST(answer.status == 429);
  BOOST_TEST(answer.body == "/c");
  for (Accepted& accepted : setup.take(2)) {
    accepted.exchange.answer({.status = 200});
  }
  setup.join();
  BOOST_TEST((setup.statuses == std::vector<int>{200, 200}));
}

BOOST_AUTO_TEST_CASE(closing_answers_those_who_wait_and_refuses_those_who_come) {
  Setup setup;
  setup.send("/a");
  BOOST_REQUIRE(readable(setup.queue, 20'000));
  setup.queue.close();
  setup.join();
  BOOST_TEST((setup.statuses == std::vector<int>{503}));
  tests::HttpClient client;
  BOOST_TEST(client.get(setup.server.url() + "/b").status == 429);
  BOOST_TEST(setup.queue.take().empty());
  setup.queue.close();
}

BOOST_AUTO_TEST_CASE(come_again_says_when) {
  const http::Response response = receiver::try_again("x");
  BOOST_TEST(response.status == 503);
  BOOST_TEST(response.headers.at(0).first == "Retry-After");
}

BOOST_AUTO_TEST_SUITE_END()
