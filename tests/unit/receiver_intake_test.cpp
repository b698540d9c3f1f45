#include "receiver/intake.h"

#include <poll.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "receiver/sample.h"
#include "tests/support/http_client.h"
#include "tests/support/raw_connection.h"
#include "tests/unit/receiver_intake_fixture.h"

using namespace monitor;
using receiver::Route;
using Kind = receiver::Route::Kind;
using tests::HttpAnswer;
using tests::Open;

namespace {

constexpr const char kToken[] = "0123456789abcdef0123";
constexpr const char kBody[] = R"({"page":{"id":"p","name":"Example"},"incident":{"id":"i"}})";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_route_of)

BOOST_AUTO_TEST_CASE(paths_lead_where_they_say) {
  const struct {
    const char* path;
    Kind kind;
    const char* format;
    const char* provider;
  } cases[] = {{"/webhook/statuspage", Kind::webhook, "statuspage", ""},
               {"/webhook/auto", Kind::webhook, "auto", ""},
               {"/webhook", Kind::webhook, "auto", ""},
               {"/webhook/statuspage/github", Kind::webhook, "statuspage", "github"},
               {"/webhook/auto/hugging-face", Kind::webhook, "auto", "hugging-face"},
               {"/test", Kind::test, "", ""},
               {"/health", Kind::health, "", ""},
               {"/metrics", Kind::metrics, "", ""},
               {"/", Kind::index, "", ""},
               {"/incidents", Kind::incidents, "", ""}};
  for (const auto& [path, kind, format, provider] : cases) {
    const Route route = receiver::route_of(path);
    BOOST_TEST((route.kind == kind), path);
    BOOST_TEST(route.format == format, path);
    BOOST_TEST(route.provider == provider, path);
  }
}

BOOST_AUTO_TEST_CASE(every_format_has_its_path) {
  for (const auto& name : status::format_names()) {
    BOOST_TEST((receiver::route_of("/webhook/" + std::string(name)).kind == Kind::webhook));
  }
}

BOOST_AUTO_TEST_CASE(all_other_paths_are_unknown) {
  for (const char* path : {"",
                           "//",
                           "/webhook/",
                           "/webhook/none",
                           "/webhook/Statuspage",
                           "/webhook/statuspage/",
                           "/webhook/statuspage/GitHub",
                           "/webhook/statuspage/a/b",
                           "/webhook/statuspage/a b",
                           "/webhook/statuspage/-a",
                           "/webhook/statuspage/a--b",
                           "/webhook/statuspage/..",
                           "/webhook/statuspage/\xff",
                           "/webhook//github",
                           "/test/",
                           "/Health",
                           "/health/",
                           "/healthz",
                           "/metrics2",
                           "webhook/statuspage",
                           "/incidents/"}) {
    BOOST_TEST((receiver::route_of(path).kind == Kind::unknown), path);
  }
  BOOST_TEST(
      (receiver::route_of("/webhook/statuspage/" + std::string(64, 'a')).kind == Kind::webhook));
  BOOST_TEST(
      (receiver::route_of("/webhook/statuspage/" + std::string(65, 'a')).kind == Kind::unknown));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_intake)

BOOST_AUTO_TEST_CASE(a_webhook_is_handed_on_as_it_came) {
  Open open;
  const HttpAnswer answer = open.post("/webhook/statuspage/github", kBody);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body == std::string("statuspage github ") + kBody);
  BOOST_TEST(open.post("/webhook/auto", kBody).status == 200);
  BOOST_TEST(open.counters.pending == 2U);  // the loop's to count down
}

BOOST_AUTO_TEST_CASE(json_that_nobody_understands_is_taken_all_the_same) {
  Open open;
  for (const char* body : {"{}", "[]", "1", "\"x\"", "null", "\xEF\xBB\xBF{}"}) {
    BOOST_TEST(open.post("/webhook/statuspage", body).status == 200, body);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused_with_the_offset) {
  Open open;
  BOOST_TEST(open.post("/webhook/statuspage", "").status == 400);
  BOOST_TEST(contains(open.post("/webhook/statuspage", "").body, "the body is empty"));
  const HttpAnswer answer = open.post("/webhook/statuspage", R"({"a":})");
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(contains(answer.body, "(at offset 5)"));
  for (const std::string& body : {std::string("x"), std::string("{}\0{", 4),
                                  std::string(100'000, '['), std::string("{\"a\":\"\xff\"}")}) {
    BOOST_TEST(open.post("/webhook/statuspage", body).status == 400);
  }
  BOOST_TEST(open.counters.not_json == 7U);
  BOOST_TEST(open.counters.pending == 0U);
}

BOOST_AUTO_TEST_CASE(unknown_paths_are_404_and_say_what_there_is) {
  Open open;
  BOOST_TEST(open.get("/nothing").status == 404);
  BOOST_TEST(contains(open.get("/nothing").body, "POST /webhook/FORMAT"));
  BOOST_TEST(contains(open.get("/incidents").body, "status-store"));
  BOOST_TEST(contains(open.post("/webhook/x", kBody).body, "statuspage"));
  BOOST_TEST(contains(open.post("/webhook/statuspage/A%0aB", kBody).body, "can't name a provider"));
  BOOST_TEST(open.counters.unknown_path == 5U);
}

BOOST_AUTO_TEST_CASE(wrong_methods_are_405_and_say_which_are_right) {
  Open open;
  const struct {
    const char* method;
    const char* path;
    const char* allow;
  } cases[] = {{"GET", "/webhook/statuspage", "POST"},
               {"PUT", "/webhook/statuspage", "POST"},
               {"GET", "/test", "POST"},
               {"POST", "/health", "GET, HEAD"},
               {"DELETE", "/metrics", "GET, HEAD"},
               {"POST", "/", "GET, HEAD"}};
  for (const auto& [method, path, allow] : cases) {
    const HttpAnswer answer = open.client.request(method, open.url(path), "", {});
    BOOST_TEST(answer.status == 405, path);
    BOOST_TEST(answer.headers.at("allow") == allow, path);
  }
  BOOST_TEST(open.counters.wrong_method == 6U);
}

BOOST_AUTO_TEST_CASE(with_a_token_configured_it_is_needed) {
  Open open({kToken});
  BOOST_TEST(open.post("/webhook/statuspage", kBody).status == 401);
  BOOST_TEST(open.post("/webhook/statuspage", kBody).headers.contains("www-authenticate"));
  BOOST_TEST(open.post("/webhook/statuspage?token=wrong", kBody).status == 401);
  BOOST_TEST(open.post("/webhook/statuspage", kBody, {"Authorization: Bearer x"}).status == 401);
  BOOST_TEST(open.counters.unauthorized == 4U);
  BOOST_TEST(open.counters.pending == 0U);
  const std::string token = kToken;
  BOOST_TEST(open.post("/webhook/statuspage?token=" + token, kBody).status == 200);
  BOOST_TEST(open.post("/webhook/statuspage", kBody, {"Authorization: Bearer " + token}).status ==
             200);
}

BOOST_AUTO_TEST_CASE(a_web_page_may_post_only_with_the_token) {
  for (const std::string sign :
       {"Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"}) {
    Open without;
    BOOST_TEST(without.post("/webhook/statuspage", kBody, {sign}).status == 403, sign);
    BOOST_TEST(without.post("/test", "", {sign}).status == 403, sign);
    BOOST_TEST(without.counters.unauthorized == 2U);
    Open with({kToken});
    BOOST_TEST(
        with.post(std::string("/webhook/statuspage?token=") + kToken, kBody, {sign}).status == 200);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_refused_before_the_body_is_read) {
  Open open({kToken});
  tests::RawConnection connection(open.port());
  connection.send("POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  BOOST_TEST(tests::status_of(connection.receive_answer()) == 401);
}

BOOST_AUTO_TEST_CASE(health_is_for_everybody_and_metrics_for_those_at_home) {
  Open open({kToken});
  BOOST_TEST(open.get("/health").status == 200);
  BOOST_TEST(open.get("/").status == 200);
  BOOST_TEST(open.get("/metrics").status == 200);
  open.counters.set_trouble("disk full");
  const HttpAnswer failing = open.get("/health");
  BOOST_TEST(failing.status == 503);
  BOOST_TEST(contains(failing.body, R"("error":"disk full")"));
  open.counters.set_trouble("");
  const HttpAnswer health = open.get("/health");
  const auto document = json::Document::parse(health.body);
  BOOST_REQUIRE(document);
  BOOST_TEST(document->root()["status"].text() == "running");
  BOOST_TEST(document->root()["mode"].text() == "event-based (webhooks)");
  BOOST_TEST(document->root()["timestamp"].is_string());
  BOOST_TEST(contains(open.get("/metrics").body, "\nstatus_receiver_webhooks_total 0\n"));
}

BOOST_AUTO_TEST_CASE(a_sample_can_be_injected_from_this_machine_only) {
  Open open;
  BOOST_TEST(contains(open.post("/test", "").body, "statuspage test-provider"));
  BOOST_TEST(open.post("/test", "").body.ends_with(" test"));
  BOOST_TEST(open.post("/test", "", {"X-Forwarded-For: 192.0.2.1"}).status == 404);
  BOOST_TEST(open.post("/test", "", {"Forwarded: for=192.0.2.1"}).status == 404);
  Open guarded({kToken});
  BOOST_TEST(guarded.post("/test", "").status == 200);
  BOOST_TEST(guarded.post("/test", "", {"X-Forwarded-For: 192.0.2.1"}).status == 401);
  BOOST_TEST(guarded.post("/test?token=" + std::string(kToken), "", {"X-Forwarded-For: 192.0.2.1"})
                 .status == 200);
}

BOOST_AUTO_TEST_CASE(when_too_many_wait_the_sender_shall_come_again) {
  Open open({}, 0);
  const HttpAnswer answer = open.post("/webhook/statuspage", kBody);
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.headers.contains("retry-after"));
  BOOST_TEST(open.counters.too_many == 1U);
  BOOST_TEST(open.counters.pending == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_sample)

BOOST_AUTO_TEST_CASE(the_sample_is_one_update_that_leaves_nothing_open) {
  const feed::Event event = receiver::sample_event(system::from_microseconds(1771597925123456));
  BOOST_TEST(event.test);
  const auto document = json::Document::parse(event.body);
  BOOST_REQUIRE(document);
  const json::View incident = document->root()["incident"];
  BOOST_TEST(incident["status"].text() == "resolved");
  BOOST_TEST(incident["updated_at"].text() == "2026-02-20T14:32:05.123456Z");
  BOOST_TEST(incident["components"].at(0)["name"].text() == "Sample API");
  BOOST_TEST(incident["incident_updates"].at(0)["body"].text() ==
             "This is a test: webhooks reach this monitor.");
}

BOOST_AUTO_TEST_CASE(each_sample_is_another_incident) {
  const auto body = [](std::int64_t us) {
    return receiver::sample_event(system::from_microseconds(us)).body;
  };
  BOOST_TEST(body(1771597925123456) != body(1771597925123457));
}

BOOST_AUTO_TEST_SUITE_END()
