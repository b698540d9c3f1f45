// The receiver's table of answers, row by row: what each sender hears, and that what is refused is
// counted and nothing else is lost by it.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

struct Receiver {
  explicit Receiver(Arguments arguments = {}) {
    pipeline.receiver = pipeline.start_receiver(std::move(arguments));
  }

  HttpAnswer get(const std::string& path) {
    return pipeline.client.get(pipeline.receiver_url(path));
  }
  HttpAnswer post(std::string_view body, const std::vector<std::string>& headers = {}) {
    return pipeline.client.post(pipeline.webhook_url(), body, headers);
  }
  // What comes after a refusal still gets in, and as the next number: nothing of the refused was
  // kept.
  void accepts_as(std::int64_t seq) {
    const HttpAnswer answer = post(incident_body("after"));
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(Json(answer.body)["seq"].integer().value_or(0) == seq);
  }

  Pipeline pipeline;
};

// How many requests it says that it refused for `reason`.
std::int64_t refused(Pipeline& pipeline, const char* reason) {
  const Json health(pipeline.client.get(pipeline.receiver_url("/health")).body);
  return health["refused"][reason].integer().value_or(-1);
}

std::string write_token(Pipeline& pipeline, const std::string& token) {
  const std::string file = pipeline.path("token");
  write_file(file, token + '\n');
  ::chmod(file.c_str(), 0600);
  return file;
}

BOOST_AUTO_TEST_SUITE(Answers)

BOOST_AUTO_TEST_CASE(accepted_is_200_with_stream_and_seq) {
  Receiver receiver;
  const HttpAnswer first = receiver.post(kExampleBody);
  const HttpAnswer second = receiver.post(incident_body("two"));
  BOOST_TEST(first.status == 200);
  BOOST_TEST(first.headers.at("content-type").starts_with("application/json"));
  BOOST_TEST(Json(first.body)["status"].text() == "accepted");
  BOOST_TEST(Json(first.body)["seq"].integer().value_or(0) == 1);
  BOOST_TEST(Json(second.body)["seq"].integer().value_or(0) == 2);
  BOOST_TEST(!Json(first.body)["stream"].text().empty());
  BOOST_TEST(Json(first.body)["stream"].text() == Json(second.body)["stream"].text());
}

BOOST_AUTO_TEST_CASE(the_content_type_that_a_sender_claims_does_not_matter) {
  Receiver receiver;
  BOOST_TEST(receiver.post(kExampleBody, {"Content-Type: text/plain"}).status == 200);
  BOOST_TEST(receiver.post(kExampleBody, {"Content-Type:"}).status == 200);
}

BOOST_AUTO_TEST_CASE(broken_json_is_400_and_names_the_offset) {
  Receiver receiver;
  const HttpAnswer answer = receiver.post(R"({"incident": {"id": })");
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(Json(answer.body)["error"].text().find("20") != std::string_view::npos);
  receiver.accepts_as(1);
}

const std::string kHundredThousandDeep(100'000, '[');
const std::string kBadBodies[] = {"",
                                  "   ",
                                  "hello",
                                  "{",
                                  "[1,2",
                                  R"({"a":1}x)",
                                  R"({"a":"\ud800"})",
                                  "{\"a\":\"\xff\xfe\"}",
                                  "{'a':1}",
                                  "payload=%7B%7D",
                                  kHundredThousandDeep,
                                  kHundredThousandDeep + std::string(100'000, ']')};

BOOST_DATA_TEST_CASE(what_is_no_json_is_400_and_not_kept, boost::unit_test::data::make(kBadBodies),
                     body) {
  Receiver receiver;
  const HttpAnswer answer = receiver.post(body);
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(!Json(answer.body)["error"].text().empty());
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(json_of_a_shape_that_no_format_knows_is_200_and_kept) {
  Receiver receiver;
  BOOST_TEST(receiver.post(R"({"weather":"fine"})").status == 200);
  BOOST_TEST(receiver.post(R"([])").status == 200);
  BOOST_TEST(receiver.post(R"({"incident":null,"page":[1]})").status == 200);
  receiver.accepts_as(4);
}

BOOST_AUTO_TEST_CASE(a_provider_in_the_path_is_the_provider) {
  Receiver receiver;
  auto formatter =
      receiver.pipeline.start("status-formatter", {"--format", "json", "--from", "start"});
  receiver.pipeline.client.post(receiver.pipeline.webhook_url("my-host"), incident_body("one"));
  BOOST_TEST(Json(formatter->wait_for_lines(Stream::out, 1)[0])["provider"].text() == "my-host");
}

// 18 characters, some of which a query must escape.
constexpr const char* kToken = "s3cret/+s3cret/+xy";

BOOST_AUTO_TEST_CASE(without_the_token_it_is_401_in_all_ways_to_say_it_and_counted) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver({"--token-file", write_token(pipeline, kToken)});
  const std::string url = pipeline.webhook_url();
  const std::string right = "?token=s3cret%2F%2Bs3cret%2F%2Bxy";
  const std::string token(kToken);
  const auto status = [&](const std::string& query, const std::vector<std::string>& headers) {
    return pipeline.client.post(url + query, kExampleBody, headers).status;
  };
  BOOST_TEST(status("", {}) == 401);
  BOOST_TEST(status("?token=", {}) == 401);
  BOOST_TEST(status("?token=wrong", {}) == 401);
  BOOST_TEST(status("?token=s3cret/", {}) == 401);
  BOOST_TEST(status("", {"Authorization: Bearer wrong"}) == 401);
  BOOST_TEST(status("", {"Authorization: Basic eDp3cm9uZw=="}) == 401);  // x:wrong
  BOOST_TEST(status("", {"Authorization: Basic %%%"}) == 401);
  BOOST_TEST(status("", {"Authorization: " + token}) == 401);
  BOOST_TEST(refused(pipeline, "unauthorized") == 8);
  BOOST_TEST(status(right, {}) == 200);
  BOOST_TEST(status("", {"Authorization: Bearer " + token}) == 200);
  BOOST_TEST(status("", {"authorization: bearer " + token}) == 200);
  // anybody:s3cret/+s3cret/+xy
  BOOST_TEST(status("", {"Authorization: Basic YW55Ym9keTpzM2NyZXQvK3MzY3JldC8reHk="}) == 200);
  const HttpAnswer last = pipeline.client.post(url + right, incident_body("last"));
  BOOST_TEST(Json(last.body)["seq"].integer().value_or(0) == 5);
}

BOOST_AUTO_TEST_CASE(a_401_says_how_and_the_log_never_says_what) {
  Pipeline pipeline;
  pipeline.receiver =
      pipeline.start_receiver({"--debug", "--token-file", write_token(pipeline, kToken)});
  const HttpAnswer answer =
      pipeline.client.post(pipeline.webhook_url() + "?token=guess77", kExampleBody);
  BOOST_TEST(answer.status == 401);
  BOOST_TEST(answer.headers.count("www-authenticate") == 1);
  BOOST_TEST(pipeline.client
                 .post(pipeline.webhook_url() + "?token=s3cret%2F%2Bs3cret%2F%2Bxy", kExampleBody)
                 .status == 200);
  BOOST_TEST(pipeline.receiver->terminate() == 0);
  BOOST_TEST(pipeline.receiver->text(Stream::err).find("s3cret") == std::string::npos);
  BOOST_TEST(pipeline.receiver->text(Stream::err).find("guess77") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(unknown_paths_are_404) {
  Receiver receiver;
  for (const char* path :
       {"/nothing", "/webhook/", "/webhook/nosuchformat", "/webhook/statuspage/a/b",
        "/webhooks/statuspage", "/..%2f..%2fetc%2fpasswd"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(receiver.pipeline.client.post(receiver.pipeline.receiver_url(path), kExampleBody)
                     .status == 404);
    }
  }
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(wrong_methods_are_405_and_say_which_is_right) {
  Receiver receiver;
  const auto ask = [&](const char* method, const char* path) {
    return receiver.pipeline.client.request(method, receiver.pipeline.receiver_url(path), "", {});
  };
  const HttpAnswer get = ask("GET", "/webhook/statuspage");
  BOOST_TEST(get.status == 405);
  BOOST_TEST(get.headers.at("allow").find("POST") != std::string::npos);
  BOOST_TEST(ask("PUT", "/webhook/statuspage").status == 405);
  BOOST_TEST(ask("DELETE", "/webhook/statuspage/github").status == 405);
  BOOST_TEST(ask("GET", "/test").status == 405);
  const HttpAnswer health = ask("POST", "/health");
  BOOST_TEST(health.status == 405);
  BOOST_TEST(health.headers.at("allow").find("GET") != std::string::npos);
  BOOST_TEST(ask("POST", "/metrics").status == 405);
}

BOOST_AUTO_TEST_CASE(incidents_are_asked_of_the_store_and_the_receiver_says_so) {
  Receiver receiver;
  const HttpAnswer answer = receiver.get("/incidents");
  BOOST_TEST((answer.status == 404 || answer.status == 405));
  BOOST_TEST(answer.body.find("status-store") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_that_announces_to_be_too_large_is_413_before_it_is_sent) {
  Receiver receiver({"--max-body", "64KiB"});
  RawConnection connection(receiver.pipeline.receiver_port());
  connection.send("POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n");
  BOOST_TEST(status_of(connection.receive_answer()) == 413);
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_that_grows_too_large_is_413_without_reading_the_rest) {
  Receiver receiver({"--max-body", "64KiB"});
  RawConnection connection(receiver.pipeline.receiver_port());
  connection.send(
      "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  for (int i = 0; i < 6 && connection.send(chunk); ++i) {
  }
  BOOST_TEST(status_of(connection.receive_answer()) == 413);
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(a_body_of_just_the_limit_is_taken_with_a_length_and_in_chunks) {
  Receiver receiver({"--max-body", "64KiB"});
  std::string body = incident_body("full");
  body = incident_body("full", "Looking into it", 65536 - body.size());
  BOOST_REQUIRE(body.size() == 65536);
  BOOST_TEST(receiver.post(body).status == 200);
  BOOST_TEST(receiver.post(body, {"Transfer-Encoding: chunked", "Content-Length:"}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_no_http_ends_its_own_connection_only) {
  Receiver receiver;
  RawConnection nonsense(receiver.pipeline.receiver_port());
  nonsense.send("\x16\x03\x01 what is this\r\n\r\n");
  BOOST_TEST(nonsense.wait_for_close());
  RawConnection half(receiver.pipeline.receiver_port());
  half.send("POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n");
  BOOST_TEST(status_of(half.receive_answer()) == 400);
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_too_early_is_not_kept) {
  Receiver receiver;
  {
    RawConnection cut(receiver.pipeline.receiver_port());
    cut.send(
        "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\":1}");
  }
  receiver.accepts_as(1);
}

BOOST_AUTO_TEST_CASE(test_is_not_served_to_whoever_comes_through_a_proxy) {
  Receiver receiver;
  const std::string url = receiver.pipeline.receiver_url("/test");
  BOOST_TEST(receiver.pipeline.client.post(url, "", {"X-Forwarded-For: 203.0.113.7"}).status >=
             400);
  BOOST_TEST(receiver.pipeline.client.post(url, "", {"Forwarded: for=203.0.113.7"}).status >= 400);
  BOOST_TEST(receiver.pipeline.client.post(url, "").status == 200);
}

BOOST_AUTO_TEST_CASE(health_and_metrics_say_what_it_received_and_refused) {
  Receiver receiver({"--max-body", "1KiB"});
  Pipeline& pipeline = receiver.pipeline;
  receiver.post(kExampleBody);
  receiver.post("nonsense");
  receiver.post("{}{}");
  receiver.post(std::string(2000, ' '));
  receiver.get("/webhook/statuspage");
  pipeline.client.post(pipeline.receiver_url("/nowhere"), "{}");
  const HttpAnswer answer = receiver.get("/health");
  BOOST_TEST(answer.status == 200);
  const Json health(answer.body);
  BOOST_TEST(health["status"].text() == "running");
  BOOST_TEST(health["mode"].text() == "event-based (webhooks)");
  BOOST_TEST(health["timestamp"].is_string());
  BOOST_TEST(health["received"].integer().value_or(0) == 1);
  BOOST_TEST(refused(pipeline, "not_json") == 2);
  BOOST_TEST(refused(pipeline, "too_large") == 1);
  BOOST_TEST(refused(pipeline, "wrong_method") == 1);
  BOOST_TEST(refused(pipeline, "unknown_path") == 1);
  const std::string metrics = receiver.get("/metrics").body;
  for (const char* line :
       {"status_receiver_webhooks_total 1\n", "{code=\"400\",reason=\"not_json\"} 2\n",
        "{code=\"413\",reason=\"too_large\"} 1\n", "{code=\"405\",reason=\"wrong_method\"} 1\n"}) {
    BOOST_TEST(metrics.find(line) != std::string::npos, line << " is not in\n" << metrics);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
