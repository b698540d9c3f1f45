// Senders that are slow, many, idle or wrong: each is bounded, and none of them stops the others.
#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>

#include "tests/faults/laboratory.h"
#include "tests/faults/weather.h"
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

BOOST_AUTO_TEST_CASE(one_that_is_asked_to_go_on_and_does_not_is_cut_off) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--request-time", "2s"});
  RawConnection connection(pipeline.receiver_port());
  connection.send(std::string(kHead) + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(connection.receive_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
  BOOST_TEST(status_of(connection.receive_answer()) == 408);
  BOOST_TEST(connection.wait_for_close());
}

BOOST_AUTO_TEST_CASE(chunks_without_end_are_cut_off_by_their_size) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--max-body", "64KiB"});
  RawConnection endless(pipeline.receiver_port());
  endless.send(std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "400\r\n" + std::string(0x400, ' ') + "\r\n";
  std::string answer;
  BOOST_TEST(ask_until([&] {
    endless.send_some(chunk);
    answer += endless.receive_until("\r\n\r\n", Deadline(std::chrono::milliseconds(1)));
    return !answer.empty();
  }));
  BOOST_TEST(status_of(answer) == 413);
  RawConnection announced(pipeline.receiver_port());
  announced.send(std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" +
                 std::string(128 << 10, ' '));
  BOOST_TEST(status_of(announced.receive_answer()) == 413);
  BOOST_TEST(refused(pipeline, "too_large") == 2);
}

BOOST_AUTO_TEST_CASE(headers_without_end_are_refused) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  const std::size_t before = pipeline.receiver->resident_kib();
  for (int i = 0; i < rounds(100); ++i) {
    RawConnection flood(pipeline.receiver_port());
    flood.send(kHead);
    while (flood.send("X: " + std::string(1000, 'a') + "\r\n") && !flood.closed_now()) {
    }
  }
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
  if (memory_counts()) {
    BOOST_TEST(pipeline.receiver->resident_kib() < before + 4096);
  }
}

BOOST_AUTO_TEST_CASE(half_closed_connections_are_closed) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  const std::string body = incident_body("half");
  RawConnection half(pipeline.receiver_port());
  half.send(std::string(kHead) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body);
  BOOST_TEST(status_of(half.receive_answer()) == 200);
  half.finish_sending();
  BOOST_TEST(half.wait_for_close());
  RawConnection nothing(pipeline.receiver_port());
  nothing.finish_sending();
  BOOST_TEST(nothing.wait_for_close());
  RawConnection cut(pipeline.receiver_port());
  cut.send(std::string(kHead) + "Content-Length: 100\r\n\r\n{");
  cut.finish_sending();
  BOOST_TEST(cut.wait_for_close());
}

BOOST_AUTO_TEST_CASE(a_length_that_is_wrong_harms_only_who_says_it) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--request-time", "2s"});
  RawConnection less(pipeline.receiver_port());
  less.send(std::string(kHead) + "Content-Length: 2\r\n\r\n[],{\"not\": \"a request\"}\r\n\r\n");
  BOOST_TEST(status_of(less.receive_answer()) == 200);
  BOOST_TEST(less.wait_for_close());
  RawConnection more(pipeline.receiver_port());
  more.send(std::string(kHead) + "Content-Length: 50\r\n\r\n[]");
  BOOST_TEST(status_of(more.receive_answer()) == 408);
}

// Half of them say nothing, some half a head, some half a body, and some are half closed.
std::deque<RawConnection> crowd(int port, std::size_t count) {
  std::deque<RawConnection> all;
  for (std::size_t i = 0; i < count; ++i) {
    RawConnection& one = all.emplace_back(port);
    if (i % 4 == 1) {
      one.send(kHead);
    } else if (i % 4 == 3) {
      one.send(std::string(kHead) + "Content-Length: 100\r\n\r\n{");
    }
    if (i % 16 == 15) {
      one.finish_sending();
    }
  }
  return all;
}

// More than --max-connections: those that idle longest make room.
BOOST_AUTO_TEST_CASE(five_thousand_idle_connections_do_not_stop_the_others) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.store = pipeline.start_store();
  const int asked = rounds(200);
  const Milliseconds posts = p99_of_posts(pipeline, asked);
  const Milliseconds questions = p99_of_questions(pipeline, asked);
  const std::size_t count = descriptors(10'000) / 2;
  const auto senders = crowd(pipeline.receiver_port(), count);
  const auto readers = crowd(pipeline.store_port(), count);
  check_unharmed(posts, p99_of_posts(pipeline, asked));
  check_unharmed(questions, p99_of_questions(pipeline, asked));
  if (count > 4096) {
    BOOST_TEST(refused(pipeline, "crowded_out") > 0);
  }
  if (memory_counts()) {  // 8 KiB each, and what the server notes
    BOOST_TEST(pipeline.receiver->resident_kib() < 96U * 1024);
    BOOST_TEST(pipeline.store->resident_kib() < 128U * 1024);
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
  // Whatever the machine does meanwhile, none of them is cut off for its slowness.
  pipeline.receiver = pipeline.start_receiver({"--request-time", "10m"});
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
  if (memory_counts()) {
    BOOST_TEST(pipeline.receiver->resident_kib() < 64U * 1024);
  }
  all.clear();
  BOOST_TEST(ask_until([&] { return pipeline.post(kExampleBody).status == 200; }));
}

// Answers that nobody reads fill the socket, and then nothing more is read or made for it.
BOOST_AUTO_TEST_CASE(questions_whose_answers_nobody_reads_take_no_memory) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.store = pipeline.start_store();
  const Milliseconds before = p99_of_questions(pipeline, 100);
  const std::size_t memory = pipeline.store->resident_kib();
  const std::string question = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string many;
  for (int i = 0; i < 10'000; ++i) {
    many += question;
  }
  std::deque<RawConnection> deaf;
  for (int i = 0; i < 20; ++i) {
    deaf.emplace_back(pipeline.store_port());
    deaf.back().send_some(many);
  }
  check_unharmed(before, p99_of_questions(pipeline, 100));
  if (memory_counts()) {
    BOOST_TEST(pipeline.store->resident_kib() < memory + 16U * 1024);
  }
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
