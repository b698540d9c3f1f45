// Senders that are slow, many or idle: each is bounded, and none of them stops the others.
#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

constexpr std::string_view kHead = "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\n";

std::int64_t refused(Pipeline& pipeline, const char* reason) {
  const Json health(pipeline.client.get(pipeline.receiver_url("/health")).body);
  return health["refused"][reason].integer().value_or(-1);
}

BOOST_AUTO_TEST_SUITE(Hostile)

BOOST_AUTO_TEST_CASE(a_body_that_drips_in_is_cut_off_and_counted) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--request-time", "2s"});
  RawConnection slow(pipeline.receiver_port());
  slow.send(std::string(kHead) + "Content-Length: 1000\r\n\r\n");
  // A byte now and then: it is never silent for long, and must be cut off all the same.
  BOOST_TEST(ask_until([&] { return !slow.send(" ") || slow.closed_now(); }));
  BOOST_TEST(refused(pipeline, "too_slow") == 1);
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
}

BOOST_AUTO_TEST_CASE(a_head_that_drips_in_is_cut_off) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--request-time", "2s"});
  RawConnection slow(pipeline.receiver_port());
  slow.send(std::string(kHead) + "X-Long: ");
  BOOST_TEST(ask_until([&] { return !slow.send("x") || slow.closed_now(); }));
}

BOOST_AUTO_TEST_CASE(a_connection_that_never_says_a_word_is_closed) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--request-time", "2s"});
  RawConnection silent(pipeline.receiver_port());
  BOOST_TEST(silent.wait_for_close());
}

BOOST_AUTO_TEST_CASE(five_hundred_idle_connections_do_not_stop_the_others) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  std::deque<RawConnection> idle;
  for (int i = 0; i < 500; ++i) {
    idle.emplace_back(pipeline.receiver_port());
    if (i % 2 == 0) {
      idle.back().send(kHead);
    }
  }
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(pipeline.post(incident_body("n" + std::to_string(i))).status == 200);
  }
}

BOOST_AUTO_TEST_CASE(more_connections_than_allowed_wait_outside_and_places_become_free_again) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--max-connections", "20"});
  {
    std::deque<RawConnection> all;
    for (int i = 0; i < 40; ++i) {
      all.emplace_back(pipeline.receiver_port());
    }
  }
  BOOST_TEST(ask_until([&] { return pipeline.post(kExampleBody).status == 200; }));
}

BOOST_AUTO_TEST_CASE(many_large_bodies_at_once_do_not_fill_the_memory) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  constexpr std::size_t kBody = 1 << 20;
  std::deque<RawConnection> all;
  for (int i = 0; i < 64; ++i) {
    all.emplace_back(pipeline.receiver_port());
    // One byte is missing: each wants its megabyte kept until it comes.
    const std::string almost(kBody - 1, ' ');
    all.back().send(std::string(kHead) + "Content-Length: " + std::to_string(kBody) + "\r\n\r\n" +
                    almost);
  }
  BOOST_TEST(ask_until([&] { return refused(pipeline, "bodies_in_memory") > 0; }));
  BOOST_TEST(pipeline.client.get(pipeline.receiver_url("/health")).status == 200);
  all.clear();
  BOOST_TEST(ask_until([&] { return pipeline.post(kExampleBody).status == 200; }));
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  RawConnection connection(pipeline.receiver_port());
  const std::string body = incident_body("one");
  const std::string request =
      std::string(kHead) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  connection.send(request + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string answers;
  BOOST_TEST(ask_until([&] {
    const std::string more = connection.receive_answer();
    answers += more;
    return more.empty();
  }));
  const std::size_t accepted = answers.find("\"accepted\"");
  const std::size_t health = answers.find("\"running\"");
  BOOST_TEST(accepted != std::string::npos);
  BOOST_TEST(health != std::string::npos);
  BOOST_TEST(accepted < health);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
