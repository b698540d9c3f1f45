// The sinks that raise alerts (PagerDuty, Alertmanager) and the cards of Microsoft Teams, with the
// real programs: each request is judged by the rules that the vendor documents, over the life of an
// incident, texts that want to be more than text, and failures. Alertmanager is the real one too.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include "lib/json/writer.h"
#include "lib/status/text.h"
#include "lib/system/clock.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

constexpr const char kRoutingKey[] = "0123456789abcdef0123456789abcdef";
constexpr const char kPage[] = "https://stspg.io/abc";
// Markdown, functions and mentions of Teams, JSON, and what nobody should see.
constexpr const char kHostile[] =
    "**b** _i_ [click](https://evil.example) {{DATE(2017-02-14T06:00:00Z, SHORT)}} {{{{TIME(x)}} "
    "\\* <at>all</at> \"q\" \\u0000 'x' 1. a # b 🔥";

struct Post {
  std::string id = "inc1";
  std::string status = "investigating";
  std::string impact = "minor";
  std::string message = "Looking into it";
  std::string name = "Pushes fail";
  std::string url = kPage;
  std::string created = "2026-02-20T14:00:00Z";
  std::string updated = "2026-02-20T14:32:00Z";
};

// As Statuspage sends it; each one is an update of its own.
std::string body_of(const Post& post) {
  static int updates = 0;
  const std::string update_id = "u" + std::to_string(++updates);
  json::Writer out;
  out.begin_object().key("page").begin_object();
  out.member("id", "tstpage00001").member("name", "Test Page").end_object();
  out.key("incident").begin_object().member("id", post.id).member("name", post.name);
  out.member("status", post.status).member("impact", post.impact).member("shortlink", post.url);
  out.member("created_at", post.created).member("updated_at", post.updated);
  out.key("components").begin_array().begin_object().member("id", "c1").member("name", "API");
  out.member("status", "partial_outage").end_object().end_array();
  out.key("incident_updates").begin_array().begin_object().member("id", update_id);
  out.member("status", post.status).member("body", post.message);
  out.member("created_at", post.updated).end_object().end_array();
  return out.end_object().end_object().take();
}

std::string component_body(const std::string& status) {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001"}},"component_update":{{"component_id":"c1","new_status":"{0}",)"
      R"("created_at":"2026-02-20T14:32:00Z"}},"component":{{"id":"c1","name":"API","status":"{0}"}}}})",
      status);
}

struct World {
  World() { pipeline.receiver = pipeline.start_receiver(); }

  void post(const Post& post) { BOOST_TEST(pipeline.post(body_of(post)).status == 200); }
  std::string file(const std::string& name, const std::string& text) const {
    write_file(pipeline.path(name), text + "\n");
    return pipeline.path(name);
  }
  // Runs to its end.
  std::string ask(const std::string& sink, const Arguments& arguments, int code = 0) {
    const auto process = pipeline.launch(sink, arguments);
    BOOST_TEST(process->wait() == code, process->text(Stream::err));
    return process->text(Stream::out) + process->text(Stream::err);
  }

  Pipeline pipeline;
};

Arguments operator+(Arguments first, const Arguments& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool is_time(json::View value) {
  static const std::regex rfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
  return std::regex_match(std::string(value.text()), rfc3339);
}

bool is_link(json::View value) {
  return value.text().starts_with("https://") || value.text().starts_with("http://");
}

bool is_one_of(json::View value, const std::set<std::string>& words) {
  return words.contains(std::string(value.text()));
}

bool has_at_most(std::string_view text, std::size_t most) {
  return !text.empty() && status::cut(text, most) == text;
}

// The rules of a service that one request broke, in words.
struct Judge {
  void expect(bool good, const std::string& rule) {
    if (!good) {
      errors.push_back(rule);
    }
  }
  std::vector<std::string> errors;
};

// Those of all requests; a test whose service saw any fails when the service goes.
class Broken {
 public:
  ~Broken() { BOOST_TEST(errors_.empty(), fmt::format("{}", fmt::join(errors_, "; "))); }

  void add(const Judge& judge) {
    const std::lock_guard lock(mutex_);
    errors_.insert(errors_.end(), judge.errors.begin(), judge.errors.end());
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> errors_;
};

// Takes what keeps to the rules, and refuses for good what breaks one.
class Service : private Broken, public Destination {
 public:
  using Rules = std::function<void(Judge& judge, const http::Request& request)>;
  Service(Rules rules, int taken)
      : Destination([this, rules = std::move(rules), taken](const http::Request& request) {
          Judge judge;
          judge.expect(request.method == "POST", "POST");
          judge.expect(request.header("Content-Type") == "application/json", "Content-Type");
          try {
            rules(judge, request);
          } catch (const std::exception& error) {
            judge.expect(false, error.what());
          }
          add(judge);
          return judge.errors.empty() ? http::json_response(taken, "{}")
                                      : http::error_response(400, judge.errors.front());
        }) {}
};

http::Response failing(int status, const std::string& retry_after = "") {
  http::Response response = http::error_response(status, "as told");
  if (!retry_after.empty()) {
    response.headers.emplace_back("Retry-After", retry_after);
  }
  return response;
}

// ---- services by their documented rules

// https://developer.pagerduty.com/docs/events-api-v2/
void judge_payload(Judge& judge, json::View payload) {
  judge.expect(has_at_most(payload["summary"].text(), 1024), "summary has 1 to 1024 characters");
  judge.expect(!payload["source"].text().empty(), "'source' is missing or blank");
  judge.expect(is_time(payload["timestamp"]), "timestamp");
  judge.expect(payload["custom_details"].is_object(), "custom_details is an object");
}

void judge_pagerduty_alert(Judge& judge, json::View event) {
  const json::View action = event["event_action"];
  judge.expect(is_one_of(action, {"trigger", "acknowledge", "resolve"}), "event_action");
  judge.expect(has_at_most(event["dedup_key"].text(), 255), "dedup_key");
  if (action.text() == "trigger") {
    judge_payload(judge, event["payload"]);
    judge.expect(is_one_of(event["payload"]["severity"], {"critical", "error", "warning", "info"}),
                 "severity");
  }
}

class PagerDuty {
 public:
  Arguments arguments(const World& world) const {
    return {"--api-url", destination.url(), "--routing-key-file", world.file("key", kRoutingKey)};
  }
  int pages() const {
    const std::lock_guard lock(mutex_);
    return pages_;
  }
  std::size_t open() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
  }

 private:
  void take(Judge& judge, const http::Request& request) {
    const Json event(request.body);
    const bool change = request.path == "/v2/change/enqueue";
    judge.expect(change || request.path == "/v2/enqueue", "path");
    judge.expect(request.body.size() <= 512 << 10, "at most 512 KB");
    judge.expect(event["routing_key"].text() == kRoutingKey, "routing_key");
    change ? judge_payload(judge, event["payload"]) : judge_pagerduty_alert(judge, event.root());
    for (std::size_t i = 0; i < event["links"].size(); ++i) {
      judge.expect(is_link(event["links"].at(i)["href"]), "links/href");
    }
    if (!change) {
      act(std::string(event["event_action"].text()), std::string(event["dedup_key"].text()));
    }
  }
  // A resolve or an acknowledge of what is not open is dropped.
  void act(const std::string& action, const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (action == "trigger" && open_.insert(key).second) {
      ++pages_;
    } else if (action == "resolve") {
      open_.erase(key);
    }
  }

  mutable std::mutex mutex_;
  std::set<std::string> open_;
  int pages_ = 0;

 public:
  Service destination{[this](Judge& judge, const http::Request& request) { take(judge, request); },
                      202};
};

std::vector<std::string> actions(const std::vector<http::Request>& requests) {
  std::vector<std::string> found;
  for (const http::Request& request : requests) {
    found.emplace_back(request.path == "/v2/enqueue" ? Json(request.body)["event_action"].text()
                                                     : "change");
  }
  return found;
}

// https://prometheus.io/docs/alerting/latest/alerts_api/
void judge_alert(Judge& judge, json::View alert) {
  static const std::regex name("[a-zA-Z_][a-zA-Z0-9_]*");
  const json::View labels = alert["labels"];
  judge.expect(!labels["alertname"].text().empty(), "alertname");
  for (const json::View map : {labels, alert["annotations"]}) {
    for (std::size_t i = 0; i < map.size(); ++i) {
      judge.expect(std::regex_match(std::string(map.key_at(i)), name), "name");
      judge.expect(map.member_at(i).is_string(), "text");
    }
  }
  judge.expect(is_time(alert["startsAt"]) && is_time(alert["endsAt"]), "times");
  judge.expect(alert["startsAt"].text() <= alert["endsAt"].text(), "begins before it ends");
  judge.expect(!alert["generatorURL"].present() || is_link(alert["generatorURL"]), "generatorURL");
}

void judge_alerts(Judge& judge, const http::Request& request) {
  const Json alerts(request.body);
  judge.expect(request.path == "/api/v2/alerts", "path");
  judge.expect(alerts.root().is_array() && alerts.root().size() > 0, "a list");
  for (std::size_t i = 0; i < alerts.root().size(); ++i) {
    judge_alert(judge, alerts.root().at(i));
  }
}

class AlertmanagerRules : public Service {
 public:
  AlertmanagerRules() : Service(judge_alerts, 200) {}
};

// https://adaptivecards.io/explorer/ and https://learn.microsoft.com/en-us/connectors/teams/
void judge_block(Judge& judge, json::View block) {
  const std::string_view type = block["type"].text();
  judge.expect(is_one_of(block["type"], {"TextBlock", "RichTextBlock", "FactSet"}), "element");
  if (type == "TextBlock") {
    // Ours, as markdown is read there.
    static const std::regex words("[^ -~]+ [A-Z][a-z ]+");
    judge.expect(std::regex_match(std::string(block["text"].text()), words), "text");
    judge.expect(is_one_of(block["color"], {"attention", "warning", "good", "accent"}), "color");
  } else if (type == "RichTextBlock") {
    judge.expect(block["inlines"].size() > 0, "inlines");
    for (std::size_t i = 0; i < block["inlines"].size(); ++i) {
      const json::View run = block["inlines"].at(i);
      judge.expect(run["type"].text() == "TextRun" && !run["text"].text().empty(), "TextRun");
    }
  } else {
    static const std::regex plain("[A-Za-z0-9: -]+");
    for (std::size_t i = 0; i < block["facts"].size(); ++i) {
      const json::View fact = block["facts"].at(i);
      judge.expect(!fact["title"].text().empty(), "title");
      judge.expect(std::regex_match(std::string(fact["value"].text()), plain), "value");
    }
  }
}

void judge_message(Judge& judge, const http::Request& request) {
  const Json message(request.body);
  const json::View attachment = message["attachments"].at(0);
  const json::View card = attachment["content"];
  judge.expect(request.path == "/workflows/x", "path");
  judge.expect(request.parameter("sig") == "s3cret", "signature");
  judge.expect(request.body.size() <= 28 << 10, "at most 28 KB");
  judge.expect(!holds(request.body, "{{"), "no functions");
  judge.expect(message["type"].text() == "message" && message["attachments"].size() == 1, "type");
  judge.expect(attachment["contentType"].text() == "application/vnd.microsoft.card.adaptive",
               "contentType");
  judge.expect(card["type"].text() == "AdaptiveCard" && card["version"].text() == "1.4", "card");
  judge.expect(card["body"].size() > 0, "body");
  for (std::size_t i = 0; i < card["body"].size(); ++i) {
    judge_block(judge, card["body"].at(i));
  }
  for (std::size_t i = 0; i < card["actions"].size(); ++i) {
    const json::View action = card["actions"].at(i);
    judge.expect(action["type"].text() == "Action.OpenUrl" && is_link(action["url"]), "action");
  }
}

class Teams : public Service {
 public:
  Teams() : Service(judge_message, 202) {}
};

Arguments teams_arguments(const World& world, const Destination& destination) {
  return {"--webhook-url-file", world.file("url", destination.url("/workflows/x?sig=s3cret"))};
}

// What a card shows, each run of text and each state, in order.
std::vector<std::string> shown(const http::Request& request) {
  std::vector<std::string> found;
  const Json message(request.body);
  const json::View blocks = message["attachments"].at(0)["content"]["body"];
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const json::View block = blocks.at(i);
    if (block["type"].text() == "TextBlock") {
      found.push_back(fmt::format("{} {}", block["color"].text(), block["text"].text()));
    }
    for (std::size_t j = 0; j < block["inlines"].size(); ++j) {
      found.emplace_back(block["inlines"].at(j)["text"].text());
    }
  }
  return found;
}

// Over every failure that passes: nothing is lost, nothing is delivered twice.
void outlast_failures(const std::string& sink, Destination& destination, World& world,
                      const Arguments& arguments) {
  destination.hang_next(1);
  for (int i = 0; i < 3; ++i) {
    destination.answer_next(failing(500));
  }
  destination.answer_next(failing(429, "2"));
  auto process = world.pipeline.start(sink, arguments + Arguments{"--timeout", "1s"});
  world.post({});
  process->wait_for_line(Stream::err, "can't be reached: ");
  process->wait_for_line(Stream::err, "answers 500");
  process->wait_for_line(Stream::err, "answers 429");
  const auto told = Clock::now();
  BOOST_TEST(destination.wait_for(1).size() == 1U);
  BOOST_TEST((Clock::now() - told >= std::chrono::milliseconds(1500)));
  process->wait_for_line(Stream::err, "delivered at try 6");
  world.post({.id = "inc2"});
  BOOST_TEST(destination.wait_for(2).size() == 2U);
  BOOST_TEST(destination.attempts() == 7U);
  BOOST_TEST(process->terminate() == 0);
}

BOOST_AUTO_TEST_SUITE(AlertSinks)

// ---- PagerDuty

BOOST_AUTO_TEST_CASE(pagerduty_has_one_alert_from_open_to_resolved) {
  World world;
  PagerDuty service;
  auto sink = world.pipeline.start("status-sink-pagerduty", service.arguments(world));
  world.post({});
  world.post({.status = "identified", .impact = "critical", .message = "It is the disk"});
  world.post({.status = "monitoring", .impact = "major"});
  world.post({.status = "resolved", .impact = "none"});
  world.post({.status = "postmortem", .impact = "none"});
  const auto requests = service.destination.wait_for(5);
  const std::vector<std::string> expected{"trigger", "trigger", "trigger", "resolve", "resolve"};
  BOOST_TEST(actions(requests) == expected, boost::test_tools::per_element());
  BOOST_TEST(ask_until([&] { return service.open() == 0; }));
  BOOST_TEST(service.pages() == 1);
  std::set<std::string> keys;
  for (const http::Request& request : requests) {
    keys.emplace(Json(request.body)["dedup_key"].text());
  }
  BOOST_TEST(keys.size() == 1U);
  const Json first(requests[0].body);
  const Json second(requests[1].body);
  const json::View payload = first["payload"];
  BOOST_TEST(payload["summary"].text() == "Test Page: Pushes fail. Investigating: Looking into it");
  BOOST_TEST(payload["severity"].text() == "warning");
  BOOST_TEST(payload["component"].text() == "API (partial outage)");
  BOOST_TEST(payload["group"].text() == "Test Page");
  BOOST_TEST(payload["class"].text() == "incident");
  BOOST_TEST(payload["custom_details"]["message"].text() == "Looking into it");
  BOOST_TEST(first["links"].at(0)["href"].text() == kPage);
  BOOST_TEST(second["payload"]["severity"].text() == "critical");
  BOOST_TEST(Json(requests[2].body)["payload"]["severity"].text() == "error");
}

BOOST_AUTO_TEST_CASE(pagerduty_acknowledges_what_is_open_when_it_may) {
  World world;
  PagerDuty service;
  service.destination.answer_next(failing(500));
  auto sink = world.pipeline.start("status-sink-pagerduty",
                                   service.arguments(world) + Arguments{"--acknowledge"});
  world.post({.status = "identified"});
  world.post({.status = "investigating"});
  world.post({.status = "monitoring"});
  const std::vector<std::string> expected{"trigger", "acknowledge", "trigger", "trigger",
                                          "acknowledge"};
  BOOST_TEST(actions(service.destination.wait_for(5)) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pagerduty_pages_nobody_for_what_was_never_open_or_is_planned) {
  World world;
  PagerDuty service;
  const Arguments arguments = service.arguments(world);
  auto sink = world.pipeline.start("status-sink-pagerduty", arguments);
  world.post({.status = "resolved"});
  world.post({.id = "m", .status = "scheduled", .impact = "maintenance"});
  world.post({.id = "m", .status = "in_progress", .impact = "maintenance"});
  world.post({.id = "m", .status = "completed", .impact = "maintenance"});
  const auto requests = service.destination.wait_for(4);
  const std::vector<std::string> expected{"resolve", "change", "change", "change"};
  BOOST_TEST(actions(requests) == expected, boost::test_tools::per_element());
  BOOST_TEST(Json(requests[1].body)["links"].at(0)["href"].text() == kPage);
  BOOST_TEST(sink->terminate() == 0);
  BOOST_TEST(holds(world.ask("status-sink-pagerduty", arguments + Arguments{"--send-test"}),
                   "a test was delivered"));
  BOOST_TEST(service.pages() == 0);
}

BOOST_AUTO_TEST_CASE(pagerduty_resolves_what_was_triggered_whatever_came_between) {
  World world;
  PagerDuty service;
  auto sink = world.pipeline.start("status-sink-pagerduty", service.arguments(world));
  for (const char* status : {"major_outage", "under_maintenance", "operational"}) {
    BOOST_TEST(world.pipeline.post(component_body(status)).status == 200);
  }
  const std::vector<std::string> expected{"trigger", "change", "resolve"};
  BOOST_TEST(actions(service.destination.wait_for(3)) == expected,
             boost::test_tools::per_element());
  BOOST_TEST(ask_until([&] { return service.open() == 0; }));
  BOOST_TEST(service.pages() == 1);
}

BOOST_AUTO_TEST_CASE(pagerduty_resolves_what_is_called_maintenance_only_in_the_end) {
  World world;
  world.pipeline.receiver.reset();
  world.pipeline.receiver = world.pipeline.start_receiver(
      {"--providers",
       world.file("providers.toml",
                  "[[provider]]\nslug = \"acme\"\nformat = \"generic\"\n[provider.mapping]\nid = "
                  "\"/id\"\nstatus = \"/status\"\nimpact = \"/impact\"\nmessage = \"/text\"")});
  PagerDuty service;
  auto sink = world.pipeline.start("status-sink-pagerduty", service.arguments(world));
  for (const char* words :
       {R"("investigating","impact":"major")", R"("resolved","impact":"maintenance")"}) {
    const std::string body = fmt::format(R"({{"id":"g","text":"Disk","status":{}}})", words);
    const std::string url = world.pipeline.receiver_url("/webhook/generic/acme");
    BOOST_TEST(world.pipeline.client.post(url, body).status == 200);
  }
  const std::vector<std::string> expected{"trigger", "resolve"};
  BOOST_TEST(actions(service.destination.wait_for(2)) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pagerduty_takes_texts_of_all_kinds_and_sizes) {
  World world;
  PagerDuty service;
  auto sink = world.pipeline.start("status-sink-pagerduty", service.arguments(world));
  world.post({.message = kHostile, .name = kHostile});
  std::string long_text;
  for (int i = 0; i < 10'000; ++i) {
    long_text += "𝄞";
  }
  world.post({.message = long_text, .name = long_text});
  world.post({.message = std::string(400 << 10, '\"'), .name = ""});
  const auto requests = service.destination.wait_for(3);
  BOOST_REQUIRE(requests.size() == 3U);
  const Json first(requests[0].body);
  BOOST_TEST(holds(std::string(first["payload"]["summary"].text()), "[click](https://evil"));
  const Json second(requests[1].body);
  BOOST_TEST(second["payload"]["custom_details"]["message"].text() == long_text);
}

BOOST_AUTO_TEST_CASE(pagerduty_outlasts_failures) {
  World world;
  PagerDuty service;
  outlast_failures("status-sink-pagerduty", service.destination, world, service.arguments(world));
  BOOST_TEST(service.pages() == 2);
}

BOOST_AUTO_TEST_CASE(pagerduty_refusing_an_event_says_why_and_the_next_goes_on) {
  World world;
  PagerDuty service;
  service.destination.answer_next(
      http::json_response(400, R"({"status":"invalid event","message":"Event object is invalid",)"
                               R"("errors":["'payload.summary' is missing","no\nline"]})"));
  service.destination.answer_next(http::json_response(403, "{}"));
  auto sink = world.pipeline.start("status-sink-pagerduty", service.arguments(world));
  world.post({.message = "one"});
  world.post({.message = "two"});
  world.post({.message = "three"});
  const auto requests = service.destination.wait_for(1);
  BOOST_TEST(holds(requests.at(0).body, "three"));
  const std::string listed =
      world.ask("status-sink-pagerduty", service.arguments(world) + Arguments{"--dead-letters"});
  BOOST_TEST(holds(listed, "invalid event: 'payload.summary' is missing; no line"), listed);
  BOOST_TEST(holds(listed, "PagerDuty answers 403"), listed);
  BOOST_TEST(!holds(listed + sink->text(Stream::err), kRoutingKey));
}

BOOST_AUTO_TEST_CASE(pagerduty_needs_a_key_and_shows_it_to_nobody) {
  World world;
  PagerDuty service;
  const std::string name = "status-sink-pagerduty";
  BOOST_TEST(holds(world.ask(name, {"--check"}, 78), "give --routing-key-file"));
  const std::string cut =
      world.ask(name, {"--check", "--routing-key-file", world.file("cut", "0123456789abcdef")}, 78);
  BOOST_TEST(holds(cut, "an integration key has 32 characters"), cut);
  BOOST_TEST(!holds(cut, "0123456789abcdef"), cut);
  BOOST_TEST(
      holds(world.ask(name, service.arguments(world) + Arguments{"--api-url", "x", "--check"}, 78),
            "cannot use --api-url"));
  BOOST_TEST(holds(world.ask(name, service.arguments(world) + Arguments{"--check"}),
                   "the configuration is right"));
  world.post({});
  auto dry = world.pipeline.launch(
      name, service.arguments(world) + Arguments{"--dry-run", "--from", "start"});
  dry->wait_for_line(Stream::out, "\"event_action\":\"trigger\"");
  BOOST_TEST(!holds(dry->text(Stream::out), kRoutingKey));
  BOOST_TEST(service.destination.attempts() == 0U);
}

// ---- Alertmanager

BOOST_AUTO_TEST_CASE(alertmanager_knows_an_alert_by_labels_that_stay_the_same) {
  World world;
  AlertmanagerRules destination;
  const Arguments arguments{"--url",   destination.url("/"), "--label", "team=Ops Zürich",
                            "--label", "region=eu"};
  auto sink = world.pipeline.start("status-sink-alertmanager", arguments);
  world.post({});
  world.post({.status = "identified", .message = "It is the disk"});
  destination.wait_for(2);
  BOOST_TEST(sink->terminate() == 0);
  sink = world.pipeline.start("status-sink-alertmanager", arguments);
  world.post({.status = "resolved", .impact = "none"});
  const auto requests = destination.wait_for(3);
  BOOST_REQUIRE(requests.size() == 3U);
  const std::string now = system::to_rfc3339(system::now());
  const std::string tomorrow = system::to_rfc3339(system::now() + std::chrono::hours(23));
  const std::map<std::string, std::string> expected{{"alertname", "StatusPage"},
                                                    {"provider", "test-page"},
                                                    {"kind", "incident"},
                                                    {"incident_id", "inc1"},
                                                    {"severity", "warning"},
                                                    {"team", "Ops Zürich"},
                                                    {"region", "eu"}};
  for (std::size_t i = 0; i < 3; ++i) {
    const Json alerts(requests[i].body);
    BOOST_TEST(alerts.root().size() == 1U);
    const json::View alert = alerts.root().at(0);
    BOOST_TEST(alert["labels"].size() == expected.size());
    for (const auto& [name, value] : expected) {
      BOOST_TEST(alert["labels"][name].text() == value, name);
    }
    BOOST_TEST(alert["startsAt"].text() == "2026-02-20T14:00:00.000000Z");
    BOOST_TEST((i == 2 ? alert["endsAt"].text() < now : alert["endsAt"].text() > tomorrow));
    BOOST_TEST(alert["generatorURL"].text() == kPage);
  }
  const Json second(requests[1].body);
  const json::View annotations = second.root().at(0)["annotations"];
  BOOST_TEST(annotations["summary"].text() == "Test Page: Pushes fail");
  BOOST_TEST(annotations["description"].text() == "It is the disk");
  BOOST_TEST(annotations["status"].text() == "identified");
  BOOST_TEST(annotations["url"].text() == kPage);
}

BOOST_AUTO_TEST_CASE(alertmanager_gets_the_end_of_one_severity_and_the_begin_of_another_at_once) {
  World world;
  AlertmanagerRules destination;
  auto sink = world.pipeline.start("status-sink-alertmanager",
                                   {"--url", destination.url(), "--resolve-after", "10h"});
  world.post({});
  world.post({.impact = "critical"});
  const Json alerts(destination.wait_for(2).at(1).body);
  BOOST_REQUIRE(alerts.root().size() == 2U);
  const json::View open = alerts.root().at(0);
  const json::View ended = alerts.root().at(1);
  BOOST_TEST(open["labels"]["severity"].text() == "critical");
  BOOST_TEST(ended["labels"]["severity"].text() == "warning");
  const system::Time now = system::now();
  BOOST_TEST(ended["endsAt"].text() <= system::to_rfc3339(now));
  BOOST_TEST(open["endsAt"].text() > system::to_rfc3339(now + std::chrono::hours(9)));
  BOOST_TEST(open["endsAt"].text() <= system::to_rfc3339(now + std::chrono::hours(10)));
  BOOST_TEST(open["startsAt"].text() == ended["startsAt"].text());
}

BOOST_AUTO_TEST_CASE(alertmanager_gets_no_times_that_cannot_be) {
  World world;
  AlertmanagerRules destination;
  auto sink = world.pipeline.start("status-sink-alertmanager", {"--url", destination.url()});
  world.post({.status = "resolved", .created = "2026-02-20T15:00:00Z"});  // over before it began
  world.post({.id = "inc2",
              .status = "resolved",
              .created = "2099-02-20T15:00:00Z",
              .updated = "2099-02-20T15:30:00Z"});
  const auto requests = destination.wait_for(2);
  BOOST_REQUIRE(requests.size() == 2U);
  const Json second(requests[1].body);
  BOOST_TEST(second.root().at(0)["endsAt"].text() <= system::to_rfc3339(system::now()));
}

BOOST_AUTO_TEST_CASE(alertmanager_is_told_of_a_maintenance_when_it_begins) {
  World world;
  AlertmanagerRules destination;
  auto sink = world.pipeline.start("status-sink-alertmanager", {"--url", destination.url()});
  world.post({.status = "scheduled", .impact = "maintenance"});
  world.post({.status = "in_progress", .impact = "maintenance", .message = "begun"});
  world.post({.status = "completed", .impact = "maintenance"});
  const auto requests = destination.wait_for(2);
  BOOST_REQUIRE(requests.size() == 2U);
  const Json first(requests[0].body);
  BOOST_TEST(first.root().at(0)["annotations"]["description"].text() == "begun");
  BOOST_TEST(first.root().at(0)["labels"]["severity"].text() == "info");
}

BOOST_AUTO_TEST_CASE(alertmanager_outlasts_failures_and_refusals) {
  World world;
  AlertmanagerRules destination;
  outlast_failures("status-sink-alertmanager", destination, world, {"--url", destination.url()});
  destination.answer_next(http::json_response(400, "\"invalid label set\""));
  auto sink = world.pipeline.start("status-sink-alertmanager", {"--url", destination.url()});
  world.post({.message = "refused"});
  world.post({.message = "taken"});
  BOOST_TEST(holds(destination.wait_for(3).back().body, "taken"));
  BOOST_TEST(holds(world.ask("status-sink-alertmanager", {"--dead-letters"}), "invalid label set"));
}

BOOST_AUTO_TEST_CASE(alertmanager_may_ask_who_sends) {
  World world;
  AlertmanagerRules destination;
  const std::string name = "status-sink-alertmanager";
  const std::string secret = world.file("secret", "pass:word");
  const Arguments to{"--url", destination.url()};
  world.ask(name, to + Arguments{"--user", "Aladdin", "--password-file", secret, "--send-test"});
  world.ask(name, to + Arguments{"--token-file", secret, "--send-test"});
  const auto requests = destination.wait_for(2);
  BOOST_TEST(requests.at(0).header("Authorization").value_or("") ==
             "Basic QWxhZGRpbjpwYXNzOndvcmQ=");
  BOOST_TEST(requests.at(1).header("Authorization").value_or("") == "Bearer pass:word");
  for (const Arguments& wrong :
       std::vector<Arguments>{{"--user", "a"},
                              {"--password-file", secret},
                              {"--user", "a", "--password-file", secret, "--token-file", secret},
                              {"--label", "team"},
                              {"--label", "team="},
                              {"--label", "1st=x"},
                              {"--label", "__x=y"},
                              {"--label", "te-am=x"},
                              {"--label", "severity=page"}}) {
    BOOST_TEST_CONTEXT(wrong.back()) {
      const std::string said = world.ask(name, to + wrong + Arguments{"--check"}, 78);
      BOOST_TEST((holds(said, "cannot use --label") || holds(said, "give --user with")), said);
    }
  }
  BOOST_TEST(holds(world.ask(name, {"--check"}, 78), "cannot use --url"));
}

// The real one, on a port that the system chooses.
class Alertmanager {
 public:
  explicit Alertmanager(World& world)
      : world_(world),
        process_(world.pipeline.launch(
            "prometheus-alertmanager",
            {"--config.file=" + world.file("alertmanager.yml",
                                           "route: {receiver: none}\nreceivers: [{name: none}]"),
             "--storage.path=" + world.pipeline.path("alertmanager"),
             "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="})) {
    const std::string line =
        process_->wait_for_line(Stream::err, "Listening on. address=127.0.0.1:[0-9]+");
    url_ = "http://" + line.substr(line.find("127.0.0.1:"));
  }

  const std::string& url() const { return url_; }
  // "SEVERITY STATUS" of each alert that is not over.
  std::set<std::string> active() {
    const Json alerts(world_.pipeline.client.get(url_ + "/api/v2/alerts").body);
    std::set<std::string> found;
    for (std::size_t i = 0; i < alerts.root().size(); ++i) {
      const json::View alert = alerts.root().at(i);
      BOOST_TEST(alert["labels"]["alertname"].text() == "StatusPage");
      BOOST_TEST(alert["labels"]["incident_id"].text() == "inc1");
      BOOST_TEST(found
                     .insert(fmt::format("{} {}", alert["labels"]["severity"].text(),
                                         alert["annotations"]["status"].text()))
                     .second);
    }
    return found;
  }
  bool comes_to(const std::set<std::string>& alerts) {
    return ask_until([&] { return active() == alerts; });
  }

 private:
  World& world_;
  std::unique_ptr<Process> process_;
  std::string url_;
};

BOOST_AUTO_TEST_CASE(a_real_alertmanager_has_one_alert_until_the_incident_is_over) {
  World world;
  Alertmanager service(world);
  const Arguments arguments{"--url", service.url(), "--label", "team=Ops Zürich"};
  auto sink = world.pipeline.start("status-sink-alertmanager", arguments);
  // generatorURLs that Go refuses: the alert must get through all the same.
  world.post({.message = kHostile, .name = kHostile, .url = "https://x.example/%zz"});
  BOOST_TEST(service.comes_to({"warning investigating"}));
  world.post({.status = "identified", .url = "https://x.example:port/[a"});
  BOOST_TEST(service.comes_to({"warning identified"}));
  world.post({.status = "identified", .impact = "critical"});
  BOOST_TEST(service.comes_to({"critical identified"}));
  world.post({.status = "monitoring", .impact = "none"});
  BOOST_TEST(service.comes_to({"info monitoring"}));
  BOOST_TEST(sink->terminate() == 0);
  sink = world.pipeline.start("status-sink-alertmanager", arguments);
  world.post({.status = "resolved", .impact = "critical"});
  BOOST_TEST(service.comes_to({}));
  world.post({.status = "investigating", .message = std::string(10'000, '<')});
  BOOST_TEST(service.comes_to({"warning investigating"}));
  BOOST_TEST(sink->terminate() == 0);
  // Another --label makes it another alert, not one more.
  sink = world.pipeline.start("status-sink-alertmanager", {"--url", service.url()});
  world.post({.status = "identified"});
  BOOST_TEST(service.comes_to({"warning identified"}));
  world.post({.status = "resolved"});
  BOOST_TEST(service.comes_to({}));
  BOOST_TEST(world.ask("status-sink-alertmanager", arguments + Arguments{"--dead-letters"}) == "");
}

// ---- Microsoft Teams

BOOST_AUTO_TEST_CASE(teams_tells_the_state_by_colour_symbol_and_word) {
  World world;
  Teams destination;
  auto sink = world.pipeline.start("status-sink-teams", teams_arguments(world, destination));
  world.post({});
  world.post({.status = "identified", .impact = "critical"});
  world.post({.status = "resolved", .impact = "critical"});
  world.post({.id = "m", .status = "in_progress", .impact = "maintenance"});
  const auto requests = destination.wait_for(4);
  BOOST_REQUIRE(requests.size() == 4U);
  const std::vector<std::string> expected{"Test Page: Pushes fail", "warning 🟡 Investigating",
                                          "Looking into it",
                                          "Components: ", "API (partial outage)"};
  BOOST_TEST(shown(requests[0]) == expected, boost::test_tools::per_element());
  BOOST_TEST(shown(requests[1]).at(1) == "attention 🔴 Identified");
  BOOST_TEST(shown(requests[2]).at(1) == "good ✅ Resolved");
  BOOST_TEST(shown(requests[3]).at(1) == "accent 🔧 In progress");
  const Json message(requests[0].body);
  BOOST_TEST(message["attachments"].at(0)["content"]["actions"].at(0)["url"].text() == kPage);
}

BOOST_AUTO_TEST_CASE(teams_shows_texts_as_they_stand_within_28_kb) {
  World world;
  Teams destination;
  auto sink = world.pipeline.start("status-sink-teams", teams_arguments(world, destination));
  world.post({.message = kHostile, .name = kHostile});
  std::string long_text;
  for (int i = 0; i < 10'000; ++i) {
    long_text += i % 2 == 0 ? "𝄞" : "\"";
  }
  world.post({.message = long_text, .name = long_text});
  world.post({.message = std::string(200'000, '{'), .name = std::string(10'000, '{')});
  const auto requests = destination.wait_for(3);
  BOOST_REQUIRE(requests.size() == 3U);
  std::string literal = shown(requests[0]).at(2);
  for (auto at = literal.find("\u2060"); at != std::string::npos; at = literal.find("\u2060")) {
    literal.erase(at, std::string_view("\u2060").size());
  }
  BOOST_TEST(literal == kHostile);
  BOOST_TEST(shown(requests[1]).at(2).size() > 10'000U);  // no more is cut than has to be
  BOOST_TEST(shown(requests[1]).at(2).ends_with("…"));
}

BOOST_AUTO_TEST_CASE(teams_outlasts_failures_and_refusals) {
  World world;
  Teams destination;
  const Arguments arguments = teams_arguments(world, destination);
  outlast_failures("status-sink-teams", destination, world, arguments);
  destination.answer_next(http::json_response(400, R"({"error":{"code":"TriggerInputSchema"}})"));
  auto sink = world.pipeline.start("status-sink-teams", arguments);
  world.post({.message = "refused"});
  world.post({.message = "taken"});
  BOOST_TEST(holds(destination.wait_for(3).back().body, "taken"));
  const std::string listed =
      world.ask("status-sink-teams", arguments + Arguments{"--dead-letters"});
  BOOST_TEST(holds(listed, "Microsoft Teams answers 400"), listed);
  BOOST_TEST(!holds(listed + sink->text(Stream::err), "s3cret"));
}

BOOST_AUTO_TEST_CASE(teams_says_what_came_while_it_was_away) {
  World world;
  Teams destination;
  const Arguments arguments = teams_arguments(world, destination) + Arguments{"--late", "1s"};
  auto sink = world.pipeline.start("status-sink-teams", arguments);
  BOOST_TEST(sink->terminate() == 0);
  world.post({});
  world.post({.status = "identified"});
  const auto old = Clock::now() + std::chrono::milliseconds(1100);
  BOOST_TEST(ask_until([&] { return Clock::now() > old; }));
  sink = world.pipeline.start("status-sink-teams", arguments);
  const auto requests = destination.wait_for(2);
  BOOST_REQUIRE(requests.size() == 2U);
  BOOST_TEST(shown(requests[0]).at(1) ==
             "2 updates of 1 incidents while away; the latest of each follows");
  BOOST_TEST(shown(requests[1]).at(1) == "warning 🟡 Identified");
}

BOOST_AUTO_TEST_CASE(teams_needs_one_url_and_shows_it_to_nobody) {
  World world;
  Teams destination;
  const std::string name = "status-sink-teams";
  const Arguments arguments = teams_arguments(world, destination);
  BOOST_TEST(holds(world.ask(name, {"--check"}, 78), "give either --webhook-url-file or"));
  BOOST_TEST(
      holds(world.ask(name, arguments + Arguments{"--webhook-url", "http://x/", "--check"}, 78),
            "give either --webhook-url-file or"));
  const std::string wrong =
      world.ask(name, {"--webhook-url-file", world.file("wrong", "s3cret"), "--check"}, 78);
  BOOST_TEST(holds(wrong, "cannot use --webhook-url-file"), wrong);
  BOOST_TEST(!holds(wrong, "s3cret"), wrong);
  world.post({});
  auto dry = world.pipeline.launch(name, arguments + Arguments{"--dry-run", "--from", "start"});
  dry->wait_for_line(Stream::out, "AdaptiveCard");
  BOOST_TEST(!holds(dry->text(Stream::out), "s3cret"));
  world.ask(name, {"--webhook-url", destination.url("/workflows/x?sig=s3cret"), "--send-test"});
  BOOST_TEST(destination.wait_for(1).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
