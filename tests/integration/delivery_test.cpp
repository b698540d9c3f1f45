// The loop that all sinks share, with the real programs: what is delivered, to whom, how often,
// over failures of the destination and of the sink itself; and what its orders answer.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <map>
#include <random>
#include <set>

#include "lib/http/signature.h"
#include "lib/json/document.h"
#include "tests/support/bodies.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

constexpr const char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::string body(const std::string& incident, int number, const std::string& impact = "minor") {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"Incident {0}",)"
      R"("status":"investigating","impact":"{2}","incident_updates":[{{"id":"{0}-{1}",)"
      R"("status":"investigating","body":"update {1} of {0}"}}]}}}})",
      incident, number, impact);
}

struct World {
  World() { pipeline.receiver = pipeline.start_receiver(); }

  void post(const std::string& incident, int number = 1, const std::string& impact = "minor") {
    BOOST_TEST(pipeline.post(body(incident, number, impact)).status == 200);
  }
  Arguments to(const Destination& destination, const Arguments& more = {}) const {
    Arguments arguments{"--url", destination.url("/hook")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  // Runs to its end.
  std::string ask(const Arguments& arguments, int code = 0) {
    const auto sink = pipeline.launch("status-sink-webhook", arguments);
    BOOST_TEST(sink->wait() == code, sink->text(Stream::err));
    return sink->text(Stream::out) + sink->text(Stream::err);
  }
  std::string file(const std::string& name, const std::string& text) const {
    write_file(pipeline.path(name), text);
    return pipeline.path(name);
  }

  Pipeline pipeline;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> messages(const std::vector<http::Request>& requests) {
  std::vector<std::string> found;
  for (const http::Request& request : requests) {
    found.emplace_back(Json(request.body)["message"].text());
  }
  return found;
}

http::Response failing(int status, const std::string& retry_after = "") {
  http::Response response = http::error_response(status, "as told");
  if (!retry_after.empty()) {
    response.headers.emplace_back("Retry-After", retry_after);
  }
  return response;
}

BOOST_AUTO_TEST_SUITE(Delivery)

BOOST_AUTO_TEST_CASE(a_webhook_is_signed_as_standard_webhooks_say_and_its_id_is_the_key) {
  World world;
  Destination destination;
  destination.answer_next(failing(500));
  destination.answer_next(failing(429, "1"));
  auto sink = world.pipeline.start(
      "status-sink-webhook",
      world.to(destination, {"--secret-file", world.file("secret", std::string(kSecret) + "\n")}));
  world.post("a");
  const auto requests = destination.wait_for(1);
  BOOST_REQUIRE(requests.size() == 1U);
  BOOST_TEST(destination.attempts() == 3U);
  const http::SignatureCheck check(*http::signature_scheme("standard-webhooks"), {kSecret});
  BOOST_TEST(check.refuse(requests[0], system::now()).value_or("") == "");
  const Json update(requests[0].body);
  BOOST_TEST(update["key"].text() == requests[0].header("webhook-id").value_or(""));
  BOOST_TEST(requests[0].header("Content-Type").value_or("") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_destination_that_hangs_or_is_not_there_is_tried_again) {
  World world;
  auto destination = std::make_unique<Destination>();
  destination->hang_next(1);
  auto sink =
      world.pipeline.start("status-sink-webhook", world.to(*destination, {"--timeout", "1s"}));
  world.post("a");
  BOOST_TEST(messages(destination->wait_for(1)).size() == 1U);
  destination.reset();
  world.post("b");
  sink->wait_for_line(Stream::err, "can't be reached: .*; trying again until it works");
}

BOOST_AUTO_TEST_CASE(what_is_refused_for_good_becomes_a_dead_letter_and_can_be_redelivered) {
  World world;
  Destination destination;
  destination.answer_next(failing(404));
  destination.answer_next(failing(301));
  auto sink = world.pipeline.start("status-sink-webhook", world.to(destination));
  world.post("a");
  world.post("b");
  BOOST_TEST(messages(destination.wait_for(1)) == (std::vector<std::string>{"update 1 of b"}),
             boost::test_tools::per_element());
  const std::string listed = world.ask(world.to(destination, {"--dead-letters"}));
  BOOST_TEST(holds(listed, "update 1 of a"), listed);
  BOOST_TEST(holds(listed, "answers 404: {\"error\":\"as told\"}"), listed);
  BOOST_TEST(
      holds(world.ask(world.to(destination, {"--redeliver", "7"}), 1), "no such dead letter"));
  BOOST_TEST(holds(world.ask(world.to(destination, {"--redeliver", "x"}), 64), "give the number"));

  world.ask(world.to(destination, {"--redeliver", "1"}));  // the running sink does it
  BOOST_TEST(messages(destination.wait_for(2)).back() == "update 1 of a");
  BOOST_TEST(ask_until(
      [&] { return !holds(world.ask(world.to(destination, {"--dead-letters"})), "update"); }));
}

BOOST_AUTO_TEST_CASE(without_a_running_sink_redeliver_delivers_by_itself) {
  World world;
  Destination destination;
  destination.answer_next(failing(410));
  destination.answer_next(failing(410));
  auto sink = world.pipeline.start("status-sink-webhook", world.to(destination));
  world.post("a");
  world.post("b");
  sink->wait_for_lines(Stream::err, 3);
  BOOST_TEST(sink->terminate() == 0);
  world.ask(world.to(destination, {"--redeliver", "all"}));
  BOOST_TEST(destination.wait_for(2).size() == 2U);
  BOOST_TEST(world.ask(world.to(destination, {"--dead-letters"})).empty());
}

BOOST_AUTO_TEST_CASE(what_came_while_it_was_away_is_told_in_short_to_people) {
  World world;
  Destination destination;
  const Arguments arguments{"--url", destination.url("/topic"), "--late", "1s"};
  auto sink = world.pipeline.start("status-sink-ntfy", arguments);
  BOOST_TEST(sink->terminate() == 0);
  for (int number = 1; number <= 3; ++number) {
    world.post("a", number);
    world.post("b", number);
  }
  const auto old = Clock::now() + std::chrono::milliseconds(1100);
  BOOST_TEST(ask_until([&] { return Clock::now() > old; }));
  sink = world.pipeline.start("status-sink-ntfy", arguments);
  world.post("c");
  const auto got = messages(destination.wait_for(4));
  const std::vector<std::string> expected{
      "6 updates of 2 incidents while away; the latest of each follows",
      "Investigating. update 3 of a", "Investigating. update 3 of b",
      "Investigating. update 1 of c"};
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_mute_file_is_read_again_on_hup) {
  World world;
  Destination destination;
  const std::string mutes = world.file("mutes.toml", "");
  auto sink = world.pipeline.start("status-sink-webhook", world.to(destination, {"--mute", mutes}));
  world.file("mutes.toml", "[[mute]]\nincident = \"a\"\nuntil = 2099-01-01T00:00:00Z\n");
  sink->signal(SIGHUP);
  sink->wait_for_line(Stream::err, "1 mutes read");
  world.post("a");
  world.post("b");
  BOOST_TEST(messages(destination.wait_for(1)).front() == "update 1 of b");
}

BOOST_AUTO_TEST_CASE(orders_answer_at_once) {
  World world;
  Destination destination;
  BOOST_TEST(holds(world.ask(world.to(destination, {"--check"})), "the configuration is right"));
  BOOST_TEST(holds(world.ask({"--check"}, 78), "cannot use --url: give a whole URL"));
  BOOST_TEST(
      holds(world.ask(world.to(destination, {"--rate", "fast"}), 78), "give a number and a unit"));
  BOOST_TEST(holds(world.ask(world.to(destination, {"--status"}), 1), "no sink has run"));
  BOOST_TEST(holds(world.ask(world.to(destination, {"--send-test"})), "a test was delivered"));
  BOOST_TEST(messages(destination.wait_for(1)).front() == "This is a test. Nothing is broken.");
  destination.answer_next(failing(400));
  BOOST_TEST(holds(world.ask(world.to(destination, {"--send-test"}), 1), "answers 400"));

  world.post("a");
  auto dry = world.pipeline.launch("status-sink-webhook",
                                   world.to(destination, {"--dry-run", "--from", "start"}));
  dry->wait_for_line(Stream::out, "\"message\":\"update 1 of a\"");
  BOOST_TEST(destination.attempts() == 2U);
}

BOOST_AUTO_TEST_CASE(how_it_fares_is_told_by_status_and_by_a_file_for_prometheus) {
  World world;
  Destination destination;
  const std::string metrics = world.pipeline.path("sink.prom");
  destination.answer_next(failing(403));
  auto sink = world.pipeline.start("status-sink-webhook",
                                   world.to(destination, {"--metrics-file", metrics}));
  world.post("a");
  world.post("b");
  destination.wait_for(1);
  BOOST_TEST(ask_until([&] {
    const std::string told = world.ask(world.to(destination, {"--status"}));
    return holds(told, "behind         0 events") && holds(told, "delivered      1,") &&
           holds(told, "dead letters   1") && holds(told, "answers 403");
  }));
  BOOST_TEST(sink->terminate() == 0);
  const std::string text = read_file(metrics);
  BOOST_TEST(holds(text, "status_sink_delivered_total{sink=\"status-sink-webhook\"} 1\n"), text);
  BOOST_TEST(holds(text, "status_sink_rejected_total{sink=\"status-sink-webhook\"} 1\n"), text);
  Process promtool({.program = "promtool", .arguments = {"check", "metrics"}, .with_input = true});
  promtool.write_input(text);
  promtool.close_input();
  BOOST_TEST(promtool.wait() == 0, promtool.text(Stream::err));
}

// https://docs.ntfy.sh/publish/#publish-as-json and #limitations.
http::Response ntfy(const http::Request& request) {
  const auto body = json::Document::parse(request.body);
  const json::View root = body ? body->root() : json::View();
  const auto priority = root["priority"].integer().value_or(3);
  const bool right = request.path == "/" && root["topic"].text() == "my-alerts" &&
                     root["message"].text().size() <= 4096 && !root["message"].text().empty() &&
                     priority >= 1 && priority <= 5 &&
                     (!root["tags"].present() || root["tags"].is_array()) &&
                     (!root["click"].present() || root["click"].text().starts_with("http"));
  return right ? http::json_response(200, R"({"id":"x","event":"message"})")
               : http::error_response(400, "invalid request");
}

BOOST_AUTO_TEST_CASE(ntfy_gets_what_it_documents_also_of_long_and_hostile_text) {
  World world;
  Destination destination(ntfy);
  const std::string token = world.file("token", "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2\n");
  auto sink = world.pipeline.start("status-sink-ntfy",
                                   {"--url", destination.url("/my-alerts"), "--token-file", token});
  world.post("a", 1, "critical");
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "\xF0\x9F\x94\xA5";  // a fire, four bytes
  }
  BOOST_TEST(world.pipeline.post(incident_body("b", text)).status == 200);
  world.post("c", 1, "minor");
  const auto requests = destination.wait_for(3);
  BOOST_REQUIRE(requests.size() == 3U);
  BOOST_TEST(destination.attempts() == 3U);
  const Json first(requests[0].body);
  BOOST_TEST(first["priority"].integer().value_or(0) == 5);
  BOOST_TEST(first["tags"].at(0).text() == "rotating_light");
  BOOST_TEST(first["title"].text() == "Test Page: Incident a");
  BOOST_TEST(Json(requests[2].body)["priority"].integer().value_or(0) == 3);
  BOOST_TEST(requests[0].header("Authorization").value_or("") ==
             "Bearer tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2");
  for (const http::Request& request : requests) {
    BOOST_TEST(ntfy(request).status == 200, request.body.substr(0, 200));
  }
}

BOOST_AUTO_TEST_CASE(the_example_of_a_sink_delivers) {
  World world;
  Destination destination;
  auto sink = world.pipeline.start("status-sink-example", world.to(destination));
  world.post("a");
  const auto requests = destination.wait_for(1);
  BOOST_REQUIRE(requests.size() == 1U);
  BOOST_TEST(Json(requests[0].body)["text"].text() == "🟡 Test Page: Incident a: update 1 of a ");
}

// All arrive, of each incident in order, repeated at most once a kill and with the same key.
BOOST_AUTO_TEST_CASE(a_thousand_updates_survive_a_destination_and_a_sink_that_fail_at_random) {
  constexpr int kIncidents = 50;
  constexpr int kUpdates = 20;
  constexpr int kKills = 20;
  World world;
  std::mt19937 random(20260220);
  Destination destination([&](const http::Request&) { return http::json_response(200, "{}"); });
  destination.fail_at_random([&random] { return random() % 3 == 0; });
  const Arguments arguments = world.to(destination, {"--from", "start"});
  for (int number = 1; number <= kUpdates; ++number) {
    for (int incident = 1; incident <= kIncidents; ++incident) {
      world.post(std::to_string(incident), number);
    }
  }
  auto sink = world.pipeline.launch("status-sink-webhook", arguments);
  for (std::size_t kill = 1; kill <= kKills; ++kill) {
    destination.wait_for(kill * 45);
    sink->kill();
    sink = world.pipeline.launch("status-sink-webhook", arguments);
  }
  BOOST_TEST(ask_until(
      [&] {
        std::set<std::string> keys;
        for (const auto& request : destination.wait_for(kIncidents * kUpdates)) {
          keys.insert(request.header("webhook-id").value_or(""));
        }
        return keys.size() == kIncidents * kUpdates;
      },
      Deadline(std::chrono::seconds(120))));
  const auto requests = destination.wait_for(0);
  BOOST_TEST(requests.size() <= kIncidents * kUpdates + kKills);
  std::map<std::string, int> last;
  std::map<std::string, std::string> keys;
  for (const auto& request : requests) {
    const Json update(request.body);
    const std::string id(update["update_id"].text());
    const int number = std::stoi(id.substr(id.find('-') + 1));
    int& before = last[std::string(update["incident_id"].text())];
    BOOST_TEST((number == before + 1 || number == before), id);
    before = number;
    const auto known = keys.emplace(id, request.header("webhook-id").value_or(""));
    BOOST_TEST(known.first->second == request.header("webhook-id").value_or(""));
  }
  BOOST_TEST(sink->terminate() == 0);
}

BOOST_AUTO_TEST_CASE(a_long_history_is_delivered_whole_with_little_memory) {
  constexpr std::size_t kPosts = 20'000;
  World world;
  Senders senders(world.pipeline.webhook_url(), 8);
  senders.allow(kPosts);
  BOOST_TEST(senders.wait_for_accepted(kPosts));
  const std::string out = world.pipeline.path("out");
  auto sink = world.pipeline.launch("status-sink-file", {"--path", out, "--from", "start"});
  BOOST_TEST(ask_until([&] { return lines_of_file(out).size() == kPosts; },
                       Deadline(std::chrono::seconds(60))));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  BOOST_TEST(sink->resident_kib() < 32U * 1024);
#endif
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
