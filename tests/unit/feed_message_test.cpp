#include "lib/feed/message.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace monitor;
using namespace monitor::feed;
using namespace std::string_literals;

namespace {

Event sample() {
  return {.stream = "k3v9x0q2m8d4w7ta",
          .seq = 42,
          .received_at = system::from_microseconds(1771597925123456),
          .format = "statuspage",
          .provider = "github",
          .provider_name = "Git\"Hub\" \u00e4",
          .test = true,
          .body = "not in the header"};
}

// Texts that none of the frames may be.
const std::string kHostile[] = {
    "",
    "{}",
    "[]",
    "null",
    "1",
    "\0\0"s,
    "{\"v\":1}",
    std::string(100'000, '['),
    std::string(100'000, 'x'),
    R"({"v":2,"stream":"s","seq":1,"received_at":"2026-02-20T14:32:05Z"})",
    R"({"v":"1","stream":"s","seq":1,"received_at":"2026-02-20T14:32:05Z"})",
    R"([{"v":1,"stream":"s","seq":1}])"};

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_event_header)

BOOST_AUTO_TEST_CASE(it_is_what_the_contract_shows) {
  Event event = sample();
  event.provider_name = "GitHub";
  event.test = false;
  BOOST_TEST(encode_header(event) ==
             R"({"v":1,"stream":"k3v9x0q2m8d4w7ta","seq":42,)"
             R"("received_at":"2026-02-20T14:32:05.123456Z",)"
             R"("format":"statuspage","provider":"github","provider_name":"GitHub","test":false})");
  BOOST_TEST(topic_of(event) == "webhook/github/");
}

BOOST_AUTO_TEST_CASE(it_comes_back_as_it_was_without_the_body) {
  const Event event = sample();
  const auto back = decode_header(encode_header(event));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->stream == event.stream);
  BOOST_TEST(back->seq == event.seq);
  BOOST_TEST((back->received_at == event.received_at));
  BOOST_TEST(back->format == event.format);
  BOOST_TEST(back->provider == event.provider);
  BOOST_TEST(back->provider_name == event.provider_name);
  BOOST_TEST(back->test == event.test);
  BOOST_TEST(back->body == "");
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_ignored_and_missing_texts_are_empty) {
  const auto event = decode_header(
      R"({"new":{"a":[1]},"v":1,"stream":"s","seq":1,"received_at":"2026-02-20T14:32:05Z"})");
  BOOST_REQUIRE(event);
  BOOST_TEST(event->provider == "");
  BOOST_TEST(!event->test);
}

BOOST_AUTO_TEST_CASE(what_is_no_header_is_nothing) {
  for (const std::string& text : kHostile) {
    BOOST_TEST(!decode_header(text), text.substr(0, 80));
  }
  const auto with = [](const char* stream, const char* seq, const char* time) {
    return decode_header("{\"v\":1,\"stream\":"s + stream + ",\"seq\":" + seq +
                         ",\"received_at\":" + time + "}");
  };
  constexpr const char kTime[] = R"("2026-02-20T14:32:05Z")";
  BOOST_TEST(with("\"s\"", "1", kTime).has_value());
  BOOST_TEST(with("\"s\"", "9223372036854775807", kTime).has_value());
  for (const char* seq :
       {"0", "-1", "1.5", "\"1\"", "null", "9223372036854775808", "1e3", "18446744073709551616"}) {
    BOOST_TEST(!with("\"s\"", seq, kTime), seq);
  }
  for (const char* stream : {"\"\"", "1", "null", "[]"}) {
    BOOST_TEST(!with(stream, "1", kTime), stream);
  }
  for (const char* time : {"\"\"", "\"yesterday\"", "null", "[]"}) {
    BOOST_TEST(!with("\"s\"", "1", time), time);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_heartbeat)

BOOST_AUTO_TEST_CASE(it_comes_back_as_it_was) {
  BOOST_TEST(encode(Heartbeat{"s", 42}) == R"({"v":1,"stream":"s","seq":42})");
  for (const std::uint64_t seq : {std::uint64_t{0}, std::uint64_t{42}, std::uint64_t{INT64_MAX}}) {
    const auto back = decode_heartbeat(encode(Heartbeat{"s", seq}));
    BOOST_REQUIRE(back);
    BOOST_TEST(back->stream == "s");
    BOOST_TEST(back->seq == seq);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_heartbeat_is_nothing) {
  for (const std::string& text : kHostile) {
    BOOST_TEST(!decode_heartbeat(text), text.substr(0, 80));
  }
  for (const char* text : {R"({"v":1,"stream":"s"})", R"({"v":1,"seq":1})",
                           R"({"v":1,"stream":"s","seq":-1})", R"({"v":1,"stream":"","seq":1})"}) {
    BOOST_TEST(!decode_heartbeat(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_replay)

BOOST_AUTO_TEST_CASE(a_request_comes_back_as_it_was) {
  const auto back = decode_request(encode(ReplayRequest{7, "s", 43, 500}));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->id == 7U);
  BOOST_TEST(back->stream == "s");
  BOOST_TEST(back->from == 43U);
  BOOST_TEST(back->limit == 500U);
}

BOOST_AUTO_TEST_CASE(id_and_stream_may_be_left_out) {
  const auto request = decode_request(R"({"v":1,"from":1,"limit":0})");
  BOOST_REQUIRE(request);
  BOOST_TEST(request->id == 0U);
  BOOST_TEST(request->stream == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_nothing) {
  for (const std::string& text : kHostile) {
    BOOST_TEST(!decode_request(text), text.substr(0, 80));
  }
  for (const char* text :
       {R"({"v":1,"from":1})", R"({"v":1,"limit":1})", R"({"v":1,"from":-1,"limit":1})",
        R"({"v":1,"from":1,"limit":"all"})", R"({"v":1,"from":1,"limit":1,"id":-1})",
        R"({"v":1,"from":1,"limit":1,"id":"a"})",
        R"({"v":1,"from":9223372036854775808,"limit":1})"}) {
    BOOST_TEST(!decode_request(text), text);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_comes_back_as_it_was) {
  const auto back = decode_answer(encode(ReplayAnswer{7, "s", 1, 57, 15}));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->id == 7U);
  BOOST_TEST(back->stream == "s");
  BOOST_TEST(back->first == 1U);
  BOOST_TEST(back->last == 57U);
  BOOST_TEST(back->count == 15U);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_nothing) {
  for (const std::string& text : kHostile) {
    BOOST_TEST(!decode_answer(text), text.substr(0, 80));
  }
  for (const char* text : {R"({"v":1,"id":1,"stream":"","first":1,"last":1,"count":1})",
                           R"({"v":1,"id":1,"stream":"s","first":1,"last":1})",
                           R"({"v":1,"stream":"s","first":1,"last":1,"count":1})",
                           R"({"v":1,"id":1,"stream":"s","first":-1,"last":1,"count":1})",
                           // nothing is kept: first is last + 1, never more
                           R"({"v":1,"id":1,"stream":"s","first":9,"last":7,"count":0})"}) {
    BOOST_TEST(!decode_answer(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
