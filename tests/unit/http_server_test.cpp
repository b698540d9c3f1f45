#include "lib/http/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http_client.h"
#include "tests/support/raw_connection.h"

using namespace monitor;
using http::Exchange;
using http::Request;
using http::Response;
using http::Server;
using http::ServerSettings;
using tests::RawConnection;
using tests::status_of;

namespace {

// Answers by the path: /now at once, /keep whenever the test wants, /drop never, /refuse before the
// body.
class Desk : public http::Handler {
 public:
  std::optional<Response> admit(const Request& head) override {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
    return head.path == "/refuse" ? std::optional(http::error_response(401, "no")) : std::nullopt;
  }

  void serve(Exchange exchange) override {
    ++served;
    const std::string path = exchange.request().path;
    if (path == "/keep") {
      const std::lock_guard lock(mutex_);
      kept_.push_back(std::move(exchange));
      arrived_.notify_all();
    } else if (path != "/drop") {
      const std::string body = exchange.request().body;
      exchange.answer({.status = 200, .body = exchange.request().method + ' ' + path + ' ' + body});
    }
  }

  // Waits until somebody asked for /keep.
  Exchange take_kept() {
    std::unique_lock lock(mutex_);
    BOOST_REQUIRE(arrived_.wait_for(lock, tests::kPatience, [this] { return !kept_.empty(); }));
    Exchange exchange = std::move(kept_.front());
    kept_.pop_front();
    return exchange;
  }
  std::size_t wait_for_kept(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, tests::kPatience, [&] { return kept_.size() >= count; });
    return kept_.size();
  }
  void drop_kept() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
  }
  std::vector<Request> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

  std::atomic<int> served{0};

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Exchange> kept_;
  std::vector<Request> heads_;
};

// Hands each exchange to a thread that burns to answer it, and goes on a little later each time.
class Hasty : public http::Handler {
 public:
  std::optional<Response> admit(const Request&) override { return std::nullopt; }
  void serve(Exchange exchange) override {
    const auto end = tests::Clock::now() + std::chrono::nanoseconds(++served_ % 400 * 50);
    given_ = std::make_unique<Exchange>(std::move(exchange)).release();
    while (tests::Clock::now() < end) {
    }
  }
  std::unique_ptr<Exchange> take() {
    Exchange* taken = nullptr;
    while (taken == nullptr) {
      taken = given_.exchange(nullptr);
    }
    return std::unique_ptr<Exchange>(taken);
  }

 private:
  int served_ = 0;
  std::atomic<Exchange*> given_{nullptr};
};

struct Running {
  explicit Running(const ServerSettings& settings = {}) : server(settings) { server.start(desk); }
  ~Running() { desk.drop_kept(); }

  std::string url(const std::string& path) const { return server.url() + path; }
  // Sweeps until `connection` has come to its end.
  bool sweep_until_closed(RawConnection& connection) {
    return tests::ask_until([&] {
      server.sweep();
      return connection.closed_now();
    });
  }
  std::string sweep_until_answered(RawConnection& connection) {
    std::string answer;
    tests::ask_until([&] {
      server.sweep();
      answer = connection.receive_answer(tests::Deadline(std::chrono::milliseconds(20)));
      return !answer.empty();
    });
    return answer;
  }

  Desk desk;
  Server server;
};

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }
std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(a_request_is_handed_over_whole) {
  Running running;
  tests::HttpClient client;
  const auto answer =
      client.post(running.url("/a%20b?x=1&y=%2f&x=2&empty"), "{\"n\":1}", {"X-Thing: some value"});
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body == "POST /a b {\"n\":1}");
  BOOST_TEST(answer.headers.at("content-type") == "application/json");
  const Request head = running.desk.heads().at(0);
  BOOST_TEST(head.method == "POST");
  BOOST_TEST(head.path == "/a b");
  BOOST_TEST(head.body == "");
  BOOST_TEST(head.header("x-tHING").value() == "some value");
  BOOST_TEST(!head.header("X-Thin"));
  BOOST_TEST(head.parameter("x").value() == "1");
  BOOST_TEST(head.parameter("y").value() == "/");
  BOOST_TEST(head.parameter("empty").value() == "");
  BOOST_TEST(!head.parameter("X"));
}

BOOST_AUTO_TEST_CASE(a_body_may_hold_any_byte_and_be_large) {
  Running running;
  tests::HttpClient client;
  std::string body(1 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) {
    body[i] = static_cast<char>(i * 7);
  }
  BOOST_TEST((client.post(running.url("/now"), body).body == "POST /now " + body));
}

BOOST_AUTO_TEST_CASE(another_thread_may_answer_later) {
  Running running;
  std::thread answering([&] {
    Exchange exchange = running.desk.take_kept();
    exchange.answer({.status = 201, .body = "later", .headers = {{"X-A", "b"}}});
  });
  tests::HttpClient client;
  const auto answer = client.post(running.url("/keep"), "x");
  answering.join();
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(answer.body == "later");
  BOOST_TEST(answer.headers.at("x-a") == "b");
}

// Whether it comes before the connection is suspended, meanwhile or afterwards.
BOOST_AUTO_TEST_CASE(an_answer_may_come_at_any_moment) {
  constexpr int kRequests = 5000;
  Hasty hasty;
  Server server({});
  server.start(hasty);
  std::thread answering([&] {
    for (int i = 0; i < kRequests; ++i) {
      hasty.take()->answer({.status = 200, .body = std::to_string(i)});
    }
  });
  tests::HttpClient client;
  int right = 0;
  for (int i = 0; i < kRequests; ++i) {
    right += client.post(server.url() + "/", "x").body == std::to_string(i) ? 1 : 0;
  }
  answering.join();
  BOOST_TEST(right == kRequests);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_dropped_is_answered_500) {
  Running running;
  tests::HttpClient client;
  BOOST_TEST(client.get(running.url("/drop")).status == 500);
  RawConnection connection(running.server.port());
  connection.send(get("/keep"));
  running.desk.wait_for_kept(1);
  running.desk.drop_kept();
  BOOST_TEST(status_of(connection.receive_answer()) == 500);
}

BOOST_AUTO_TEST_CASE(a_refusal_comes_before_the_body_is_read) {
  Running running;
  RawConnection connection(running.server.port());
  connection.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
  const std::string answer = connection.receive_answer();
  BOOST_TEST(status_of(answer) == 401);
  BOOST_TEST(contains(answer, "Connection: close"));
  BOOST_TEST(connection.wait_for_close());
  BOOST_TEST(running.desk.served == 0);
}

BOOST_AUTO_TEST_CASE(a_sender_who_asks_first_is_told_before_it_sends) {
  Running running;
  RawConnection refused(running.server.port());
  refused.send(
      "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(status_of(refused.receive_answer()) == 401);
  tests::HttpClient client;
  BOOST_TEST(client.post(running.url("/now"), "x", {"Expect: 100-continue"}).status == 200);
}

BOOST_AUTO_TEST_CASE(head_gets_the_head_alone) {
  Running running;
  RawConnection connection(running.server.port());
  connection.send("HEAD /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string answer = connection.receive_answer();
  BOOST_TEST(status_of(answer) == 200);
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
  BOOST_TEST(contains(answer, "Content-Length: 10\r\n"));
}

BOOST_AUTO_TEST_CASE(a_connection_serves_one_request_after_the_other) {
  Running running;
  RawConnection connection(running.server.port());
  for (int i = 0; i < 5; ++i) {
    connection.send(post("/now", std::to_string(i)));
    BOOST_TEST(connection.receive_answer().ends_with("POST /now " + std::to_string(i)));
  }
  BOOST_TEST(running.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  Running running;
  RawConnection connection(running.server.port());
  connection.send(get("/keep") + post("/now", "b") + get("/drop") + get("/c"));
  running.desk.take_kept().answer({.status = 200, .body = "kept"});
  std::string answers;
  tests::ask_until([&] {
    answers += connection.receive_answer();
    return contains(answers, "GET /c ");
  });
  const auto kept = answers.find("kept");
  const auto now = answers.find("POST /now b");
  const auto dropped = answers.find("HTTP/1.1 500");
  BOOST_TEST(kept < now);
  BOOST_TEST(now < dropped);
  BOOST_TEST(dropped < answers.find("GET /c "));
}

BOOST_AUTO_TEST_CASE(an_encoded_nul_in_the_path_is_refused) {
  Running running;
  tests::HttpClient client;
  BOOST_TEST(client.get(running.url("/now%00/x")).status == 400);
  BOOST_TEST(client.get(running.url("/now?a=%00b")).status == 400);
  BOOST_TEST(client.get(running.url("/now")).status == 200);
  BOOST_TEST(running.desk.served == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_http_does_no_harm) {
  Running running;
  for (const std::string garbage :
       {"\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    RawConnection connection(running.server.port());
    connection.send(garbage);
  }
  RawConnection connection(running.server.port());
  connection.send("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n");
  tests::HttpClient client;
  BOOST_TEST(client.get(running.url("/now")).status == 200);
  BOOST_TEST(running.desk.served == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_server_bounds)

BOOST_AUTO_TEST_CASE(a_body_that_says_it_is_too_large_is_not_read) {
  Running running({.max_body = 10});
  RawConnection connection(running.server.port());
  connection.send("POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
  BOOST_TEST(status_of(connection.receive_answer()) == 413);
  BOOST_TEST(running.server.refusals().too_large == 1U);
  tests::HttpClient client;
  BOOST_TEST(client.post(running.url("/now"), std::string(10, 'x')).status == 200);
  BOOST_TEST(client.post(running.url("/now"), std::string(11, 'x')).status == 413);
  BOOST_TEST(running.desk.served == 1);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_refused_when_it_becomes_too_large) {
  Running running({.max_body = 10});
  RawConnection connection(running.server.port());
  connection.send("POST /now HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.send("6\r\nabcdef\r\n6\r\nabcdef\r\n");
  const std::string answer = connection.receive_answer();
  BOOST_TEST(status_of(answer) == 413);
  BOOST_TEST(contains(answer, "larger than 10 bytes"));
  BOOST_TEST(connection.wait_for_close());
  BOOST_TEST(running.desk.served == 0);
  BOOST_TEST(running.server.refusals().too_large == 1U);
  RawConnection small(running.server.port());
  small.send(
      "POST /now HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n");
  BOOST_TEST(small.receive_answer().ends_with("POST /now abcdefghij"));
}

BOOST_AUTO_TEST_CASE(bodies_that_wait_have_a_bound_together) {
  Running running({.max_body = 100, .max_bodies = 150});
  RawConnection first(running.server.port());
  first.send(post("/keep", std::string(100, 'x')));
  BOOST_REQUIRE(running.desk.wait_for_kept(1) == 1U);
  RawConnection second(running.server.port());
  second.send(post("/now", std::string(100, 'x')).substr(0, 120));
  const std::string answer = second.receive_answer();
  BOOST_TEST(status_of(answer) == 503);
  BOOST_TEST(running.server.refusals().no_room == 1U);
  BOOST_TEST(contains(answer, "Retry-After"));
  // What was refused takes no room, although its sender is still there.
  RawConnection third(running.server.port());
  third.send(post("/now", std::string(50, 'y')));
  BOOST_TEST(status_of(third.receive_answer()) == 200);
  running.desk.take_kept().answer({});
  BOOST_TEST(status_of(first.receive_answer()) == 200);
  tests::HttpClient client;
  BOOST_TEST(client.post(running.url("/now"), std::string(100, 'z')).status == 200);
}

BOOST_AUTO_TEST_CASE(a_head_that_takes_too_long_is_cut_off) {
  Running running({.request_time = std::chrono::seconds(0)});
  RawConnection connection(running.server.port());
  connection.send("GET /now HTTP/1.1\r\nHost:");
  const std::string answer = running.sweep_until_answered(connection);
  BOOST_TEST(status_of(answer) == 408);
  BOOST_TEST(running.sweep_until_closed(connection));
  BOOST_TEST(running.server.refusals().too_slow >= 1U);
}

BOOST_AUTO_TEST_CASE(a_body_that_takes_too_long_is_cut_off_and_its_room_is_free) {
  Running running({.max_body = 100, .max_bodies = 100, .request_time = std::chrono::seconds(0)});
  RawConnection connection(running.server.port());
  connection.send("POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" +
                  std::string(90, 'x'));
  BOOST_REQUIRE(tests::ask_until([&] { return !running.desk.heads().empty(); }));
  BOOST_TEST(status_of(running.sweep_until_answered(connection)) == 408);
  BOOST_TEST(running.sweep_until_closed(connection));
  BOOST_TEST(tests::ask_until([&] { return running.server.connections() == 0; }));
  BOOST_TEST(running.desk.served == 0);
  tests::HttpClient client;
  BOOST_TEST(client.post(running.url("/now"), std::string(100, 'x')).status == 200);
}

BOOST_AUTO_TEST_CASE(a_connection_that_says_nothing_is_closed_and_not_counted) {
  Running running({.request_time = std::chrono::seconds(0)});
  RawConnection connection(running.server.port());
  BOOST_TEST(running.sweep_until_closed(connection));
  BOOST_TEST(running.server.refusals().too_slow == 0U);
}

BOOST_AUTO_TEST_CASE(who_waits_for_us_is_not_cut_off) {
  Running running({.request_time = std::chrono::seconds(0)});
  RawConnection connection(running.server.port());
  connection.send(post("/keep", "x"));
  BOOST_REQUIRE(running.desk.wait_for_kept(1) == 1U);
  for (int i = 0; i < 100; ++i) {
    running.server.sweep();
  }
  running.desk.take_kept().answer({.status = 200, .body = "late"});
  BOOST_TEST(connection.receive_answer().ends_with("late"));
}

// A sender that keeps its connection open has the whole time for its next request.
BOOST_AUTO_TEST_CASE(time_between_requests_is_not_time_of_the_next_one) {
  Running running({.request_time = std::chrono::seconds(1)});
  RawConnection connection(running.server.port());
  const tests::Deadline idle(std::chrono::milliseconds(1200));
  BOOST_TEST(!connection.wait_for_close(idle));
  connection.send("POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
  BOOST_REQUIRE(tests::ask_until([&] { return !running.desk.heads().empty(); }));
  running.server.sweep();
  connection.send("x");
  BOOST_TEST(status_of(connection.receive_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(the_one_that_idles_longest_makes_room_for_the_next) {
  Running running({.max_connections = 32});
  RawConnection busy(running.server.port());
  busy.send(post("/keep", "x"));
  BOOST_REQUIRE(running.desk.wait_for_kept(1) == 1U);
  std::deque<RawConnection> idle;
  for (int i = 0; i < 100; ++i) {
    idle.emplace_back(running.server.port());
    idle.back().send(i % 2 == 0 ? "" : "POST /now HTTP/1.1\r\nHost: x\r\n");
  }
  RawConnection next(running.server.port());
  next.send(get("/now"));
  BOOST_TEST(status_of(next.receive_answer()) == 200);
  BOOST_TEST(idle.front().wait_for_close());
  BOOST_TEST(running.server.refusals().crowded_out >= 68U);
  running.desk.take_kept().answer({.status = 200, .body = "late"});
  BOOST_TEST(busy.receive_answer().ends_with("late"));
}

BOOST_AUTO_TEST_CASE(beyond_the_most_connections_one_waits_for_another_to_go) {
  Running running({.max_connections = 2});
  auto first = std::make_unique<RawConnection>(running.server.port());
  first->send(get("/keep"));
  BOOST_REQUIRE(running.desk.wait_for_kept(1) == 1U);
  RawConnection second(running.server.port());
  second.send(get("/keep"));
  BOOST_REQUIRE(running.desk.wait_for_kept(2) == 2U);
  RawConnection third(running.server.port());
  third.send(get("/now"));
  BOOST_TEST(running.server.connections() == 2U);
  running.desk.drop_kept();
  first.reset();
  BOOST_TEST(status_of(third.receive_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(as_many_descriptors_as_the_system_allows_are_asked_for) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  { Running running({.max_connections = 2}); }
  rlimit after{};
  ::getrlimit(RLIMIT_NOFILE, &after);
  BOOST_TEST(after.rlim_cur == limit.rlim_max);
}

BOOST_AUTO_TEST_CASE(many_connections_are_served_side_by_side) {
  Running running;
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (int i = 0; i < 300; ++i) {
    connections.push_back(std::make_unique<RawConnection>(running.server.port()));
    connections.back()->send(post("/keep", std::to_string(i)));
  }
  BOOST_REQUIRE(running.desk.wait_for_kept(300) == 300U);
  BOOST_TEST(running.server.connections() == 300U);
  for (int i = 0; i < 300; ++i) {
    Exchange exchange = running.desk.take_kept();
    const std::string body = exchange.request().body;
    exchange.answer({.status = 200, .body = "for " + body});
  }
  int right = 0;
  for (std::size_t i = 0; i < connections.size(); ++i) {
    right += connections[i]->receive_answer().ends_with("\r\n\r\nfor " + std::to_string(i)) ? 1 : 0;
  }
  BOOST_TEST(right == 300);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_server_end)

BOOST_AUTO_TEST_CASE(a_closed_door_lets_nobody_in_and_sends_the_others_home) {
  Running running;
  RawConnection open(running.server.port());
  open.send(get("/now"));
  BOOST_TEST(!contains(open.receive_answer(), "Connection: close"));
  RawConnection waiting(running.server.port());
  waiting.send(get("/keep"));
  running.desk.wait_for_kept(1);
  running.server.close_door();
  running.server.close_door();
  BOOST_TEST(tests::ask_until([&] {  // as soon as its thread has left poll(2)
    try {
      RawConnection another(running.server.port());
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  BOOST_TEST(!running.server.dismiss_idlers());
  open.send(get("/now"));
  BOOST_TEST(contains(open.receive_answer(), "Connection: close"));
  BOOST_TEST(open.wait_for_close());
  running.desk.take_kept().answer({.status = 200, .body = "bye"});
  const std::string answer = waiting.receive_answer();
  BOOST_TEST(answer.ends_with("bye"));
  BOOST_TEST(contains(answer, "Connection: close"));
  BOOST_TEST(tests::ask_until([&] { return running.server.dismiss_idlers(); }));
}

// Answered while the door was open, so that it may ask again at any time; not answered any more when
// the program has left.
BOOST_AUTO_TEST_CASE(a_kept_connection_is_closed_before_the_end_not_refused) {
  Running running;
  RawConnection kept(running.server.port());
  kept.send(get("/now"));
  BOOST_TEST(status_of(kept.receive_answer()) == 200);
  RawConnection silent(running.server.port());
  BOOST_TEST(tests::ask_until([&] { return running.server.connections() == 2; }));
  running.server.close_door();
  BOOST_TEST(tests::ask_until([&] { return running.server.dismiss_idlers(); }));
  BOOST_TEST(kept.wait_for_close());
  BOOST_TEST(silent.wait_for_close());
  BOOST_TEST(tests::ask_until([&] { return running.server.connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(exchanges_that_are_dropped_just_before_the_end_do_no_harm) {
  for (int round = 0; round < 20; ++round) {
    auto running = std::make_unique<Running>();
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (int i = 0; i < 10; ++i) {
      connections.push_back(std::make_unique<RawConnection>(running->server.port()));
      connections.back()->send(post("/keep", "x"));
    }
    BOOST_REQUIRE(running->desk.wait_for_kept(10) == 10U);
    running.reset();
  }
}

BOOST_AUTO_TEST_CASE(a_sender_that_goes_away_while_it_is_owed_an_answer_does_no_harm) {
  Running running;
  for (int i = 0; i < 50; ++i) {
    {
      RawConnection connection(running.server.port());
      connection.send(post("/keep", "x"));
      BOOST_REQUIRE(running.desk.wait_for_kept(1) == 1U);
    }
    running.desk.take_kept().answer({});
  }
  BOOST_TEST(tests::ask_until([&] { return running.server.connections() == 0; }));
}

// sweep() is called on one thread while connections come, answer and go on others.
BOOST_AUTO_TEST_CASE(sweeping_goes_well_with_everything_else) {
  Running running({.request_time = std::chrono::seconds(0)});
  std::atomic<bool> done{false};
  std::thread sweeping([&] {
    while (!done) {
      running.server.sweep();
    }
  });
  for (int i = 0; i < 200; ++i) {
    RawConnection connection(running.server.port());
    connection.send(post("/now", "x").substr(0, i % 2 == 0 ? std::string::npos : 60));
    connection.receive_answer(tests::Deadline(std::chrono::seconds(5)));
  }
  done = true;
  sweeping.join();
  BOOST_TEST(tests::ask_until([&] {
    running.server.sweep();
    return running.server.connections() == 0;
  }));
}

BOOST_AUTO_TEST_CASE(a_server_that_was_never_started_goes_quietly) {
  Server server(ServerSettings{});
  BOOST_TEST(server.port() > 0);
  BOOST_TEST(server.dismiss_idlers());
  BOOST_TEST(server.url() == "http://127.0.0.1:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_SUITE_END()
