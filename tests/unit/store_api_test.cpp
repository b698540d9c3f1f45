// Every path and answer of the store's HTTP side, without a network.
#include "store/api/api.h"

#include <boost/test/unit_test.hpp>

#include "lib/json/document.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;

http::Request get(const std::string& path,
                  std::vector<std::pair<std::string, std::string>> parameters = {}) {
  http::Request request;
  request.method = "GET";
  request.path = path;
  request.parameters = std::move(parameters);
  return request;
}

struct ApiFixture : StoreFixture {
  SharedCondition condition;
  ApiFixture() { api.open(); }
  Api api{path, http::TokenCheck(), condition};

  json::Document json(const http::Request& request, int status = 200) {
    const http::Response response = api.respond(request);
    BOOST_TEST(response.status == status);
    BOOST_TEST(response.content_type == "application/json");
    return json::Document::parse(response.body).value();
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(ApiSuite, ApiFixture)

BOOST_AUTO_TEST_CASE(an_empty_store_answers_an_empty_list) {
  BOOST_TEST(api.respond(get("/incidents")).body == "{\"incidents\":[],\"next\":null}\n");
}

BOOST_AUTO_TEST_CASE(an_incident_is_shown_with_every_field) {
  auto update = update_of("u1", State::resolved, 5);
  update.created_at = minute(1);
  update.components = {{"c1", "Git", State::operational}};
  put(update);
  BOOST_TEST(
      api.respond(get("/incidents")).body ==
      R"({"incidents":[{"provider":"github","provider_name":"GitHub","id":"inc","kind":"incident",)"
      R"("name":"Pushes fail","status":"resolved","impact":"major",)"
      R"("components":[{"id":"c1","name":"Git","status":"operational"}],"url":null,)"
      R"("message":"text of u1","created_at":"2026-02-20T12:01:00Z",)"
      R"("updated_at":"2026-02-20T12:05:00Z","resolved_at":"2026-02-20T12:05:00Z",)"
      R"("scheduled_for":null,"scheduled_until":null,"test":false}],"next":null})"
      "\n");
}

BOOST_AUTO_TEST_CASE(next_leads_to_the_next_page) {
  for (const char* id : {"a", "b", "c"}) {
    auto update = update_of("u", State::investigating, 0);
    update.incident_id = id;
    put(update);
  }
  const auto first = json(get("/incidents", {{"limit", "2"}}));
  BOOST_TEST(first.root()["incidents"].size() == 2U);
  const std::string next(first.root()["next"].text());
  const auto second = json(get("/incidents", {{"limit", "2"}, {"cursor", next}}));
  BOOST_TEST(second.root()["incidents"].at(0)["id"].text() == "a");
  BOOST_TEST(second.root()["next"].is_null());
}

BOOST_AUTO_TEST_CASE(one_incident_comes_with_its_updates) {
  put(update_of("u1", State::investigating, 0));
  put(update_of("u2", State::resolved, 9));
  const auto found = json(get("/incidents/github/inc"));
  BOOST_TEST(found.root()["status"].text() == "resolved");
  BOOST_TEST(found.root()["updates"].size() == 2U);
  const json::View update = found.root()["updates"].at(1);
  BOOST_TEST(update["id"].text() == "u1");
  BOOST_TEST(update["status"].text() == "investigating");
  BOOST_TEST(update["happened_at"].text() == "2026-02-20T12:00:00Z");
  BOOST_TEST(*update["seq"].integer() == 1);
}

BOOST_AUTO_TEST_CASE(an_id_may_hold_slashes) {
  auto update = update_of("u1", State::investigating, 0);
  update.incident_id = "arn:aws:health/EC2/1";
  put(update);
  BOOST_TEST(json(get("/incidents/github/arn:aws:health/EC2/1")).root()["id"].text() ==
             "arn:aws:health/EC2/1");
}

// A browser resolves ".." in a path, and a proxy may.
BOOST_AUTO_TEST_CASE(an_id_that_a_path_can_not_hold_is_a_parameter) {
  for (const char* id : {"..", ".", "a/../b", "/", "a?b&c=d"}) {
    BOOST_TEST_CONTEXT(id) {
      auto update = update_of("u1", State::investigating, 0);
      update.incident_id = id;
      put(update);
      const auto found = json(get("/incidents/github", {{"id", id}, {"kind", "incident"}}));
      BOOST_TEST(found.root()["id"].text() == id);
      BOOST_TEST(found.root()["updates"].size() == 1U);
    }
  }
  json(get("/incidents/github", {{"id", "none"}}), 404);
  json(get("/incidents/other", {{"id", ".."}}), 404);
}

BOOST_AUTO_TEST_CASE(an_id_is_given_once) {
  for (const auto& request : {get("/incidents/github"), get("/incidents/github", {{"id", ""}}),
                              get("/incidents/github/inc", {{"id", "inc"}})}) {
    json(request, 400);
    BOOST_TEST(holds(api.respond(request).body, "parameter id"));
  }
}

BOOST_AUTO_TEST_CASE(a_component_names_the_incidents_that_it_is_part_of) {
  auto component = update_of("u1", State::major_outage, 0);
  component.kind = status::Kind::component;
  component.incident_id = "c1";
  put(component);
  const auto alone = json(get("/incidents/github/c1"));
  BOOST_TEST(alone.root()["incident_ids"].is_array());
  BOOST_TEST(alone.root()["incident_ids"].size() == 0U);
  auto incident = update_of("u2", State::investigating, 0);
  incident.components = {{"c1", "Git", std::nullopt}};
  put(incident);
  const auto linked = json(get("/incidents", {{"kind", "component"}}));
  BOOST_TEST(linked.root()["incidents"].at(0)["incident_ids"].at(0).text() == "inc");
  const auto active = json(get("/incidents", {{"active", "1"}}));
  BOOST_TEST(active.root()["incidents"].size() == 1U);
  BOOST_TEST(!active.root()["incidents"].at(0)["incident_ids"].present());
  BOOST_TEST(*json(get("/health")).root()["incidents_tracked"].integer() == 1);
  BOOST_TEST(*json(get("/health")).root()["components_tracked"].integer() == 1);
}

BOOST_AUTO_TEST_CASE(what_nobody_could_read_is_shown_with_a_sample) {
  take(unread_of(1));
  Arrival large = unread_of(2, "large");
  large.sample.reset();
  take(large);
  const std::string next = to_cursor({system::to_microseconds(minute(2)), 2});
  BOOST_TEST(api.respond(get("/unrecognised", {{"limit", "1"}})).body ==
             R"({"unrecognised":[{"provider":"github","provider_name":"GitHub","format":"auto",)"
             R"("shape":"large","count":1,)"
             R"("first":{"stream":"s","seq":2,"received_at":"2026-02-20T12:02:00Z"},)"
             R"("last":{"stream":"s","seq":2,"received_at":"2026-02-20T12:02:00Z"},)"
             R"("sample":null}],"next":")" +
                 next + "\"}\n");
  const auto second = json(get("/unrecognised", {{"provider", "github"}, {"cursor", next}}));
  BOOST_TEST(second.root()["unrecognised"].size() == 1U);
  BOOST_TEST(*second.root()["unrecognised"].at(0)["sample"]["seq"].integer() == 1);
  BOOST_TEST(second.root()["next"].is_null());
  BOOST_TEST(*json(get("/health")).root()["unrecognised"].integer() == 2);
  BOOST_TEST(holds(api.respond(get("/metrics")).body, "\nstatus_store_unrecognised_total 2\n"));
}

BOOST_AUTO_TEST_CASE(bad_parameters_of_unrecognised_are_told_as_those_of_incidents_are) {
  for (const char* name : {"limit", "cursor", "provider"}) {
    const http::Response response = api.respond(get("/unrecognised", {{name, ""}}));
    BOOST_TEST(response.status == 400);
    BOOST_TEST(response.body == api.respond(get("/incidents", {{name, ""}})).body);
  }
  BOOST_TEST(holds(api.respond(get("/unrecognised", {{"active", "1"}})).body,
                   "known: limit, cursor, provider"));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_404) {
  for (const char* known : {"/incidents/PROVIDER/ID", "/unrecognised"}) {
    BOOST_TEST(holds(api.respond(get("/nothing")).body, known));
  }
  for (const char* absent :
       {"/nothing", "/incidents/", "/incidents/github/", "/incidents/github/x"}) {
    BOOST_TEST_CONTEXT(absent) { json(get(absent), 404); }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_parameter_is_400) {
  BOOST_TEST(holds(api.respond(get("/incidents", {{"limit", "0"}})).body, "limit"));
  json(get("/incidents", {{"limit", "0"}}), 400);
  json(get("/incidents/github/inc", {{"kind", "x"}}), 400);
}

BOOST_AUTO_TEST_CASE(health_begins_with_the_five_keys) {
  put(update_of("u1", State::investigating, 0));
  put(update_of("u2", State::identified, 1));
  condition.set({.feed = Feed::following, .lag = 3, .trouble = ""});
  const std::string body = api.respond(get("/health")).body;
  const std::string_view five =
      R"j({"status":"running","mode":"event-based (webhooks)","incidents_tracked":1,)j"
      R"j("total_updates":2,"timestamp":"20)j";
  BOOST_TEST(body.starts_with(five));
  const auto health = json(get("/health"));
  BOOST_TEST(health.root()["timestamp"].text().size() ==
             std::string("2026-02-20T14:32:00Z").size());
  BOOST_TEST(*health.root()["lag"].integer() == 3);
  BOOST_TEST(health.root()["feed"].text() == "following");
  BOOST_TEST(*health.root()["streams"]["s"].integer() == 2);
  BOOST_TEST(health.root()["providers"]["github"]["name"].text() == "GitHub");
  BOOST_TEST(*health.root()["unrecognised"].integer() == 0);
  BOOST_TEST(*health.root()["lost"].integer() == 0);
}

BOOST_AUTO_TEST_CASE(health_is_503_while_updates_cannot_be_kept) {
  condition.set({.feed = Feed::following, .lag = 3, .trouble = "cannot keep updates: full"});
  const auto health = json(get("/health"), 503);
  BOOST_TEST(health.root()["status"].text() == "failing");
  BOOST_TEST(health.root()["error"].text() == "cannot keep updates: full");
  json(get("/incidents"));  // what is known is served all the same
}

BOOST_AUTO_TEST_CASE(a_database_that_cannot_be_read_is_503_everywhere) {
  storage::Database::open(path, storage::Database::Mode::read_write)
      .execute("DROP TABLE tallies; DROP TABLE incidents;");
  json(get("/incidents"), 503);
  json(get("/metrics"), 503);
  const auto health = json(get("/health"), 503);
  BOOST_TEST(health.root()["incidents_tracked"].is_null());
  BOOST_TEST(holds(std::string(health.root()["error"].text()), "can't be read"));
}

BOOST_AUTO_TEST_CASE(lag_is_null_until_a_receiver_has_answered) {
  BOOST_TEST(json(get("/health")).root()["lag"].is_null());
  BOOST_TEST(json(get("/health")).root()["feed"].text() == "waiting");
}

BOOST_AUTO_TEST_CASE(metrics_count_by_provider_and_kind) {
  put(update_of("u1", State::investigating, 0));
  condition.set({.feed = Feed::silent, .lag = 0, .trouble = ""});
  const http::Response response = api.respond(get("/metrics"));
  BOOST_TEST(response.content_type.starts_with("text/plain; version=0.0.4"));
  for (const char* line :
       {"\nstatus_store_updates_total{provider=\"github\",kind=\"incident\"} 1\n",
        "\nstatus_store_incidents_open{provider=\"github\",kind=\"incident\"} 1\n",
        "\nstatus_store_last_seq{stream=\"s\"} 1\n", "\nstatus_store_lag_events 0\n",
        "\nstatus_store_feed_up 0\n"}) {
    BOOST_TEST_CONTEXT(line) { BOOST_TEST(holds(response.body, line)); }
  }
}

BOOST_AUTO_TEST_CASE(only_get_and_head_do_anything) {
  http::Request request = get("/incidents");
  BOOST_CHECK(!api.admit(request));
  request.method = "HEAD";
  BOOST_CHECK(!api.admit(request));
  request.method = "POST";
  const auto refusal = api.admit(request);
  BOOST_REQUIRE(refusal);
  BOOST_TEST(refusal->status == 405);
  BOOST_TEST(refusal->headers.at(0).first == "Allow");
  BOOST_TEST(refusal->headers.at(0).second == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(with_a_token_nobody_enters_without_it) {
  const std::string token = "a-token-that-is-long-enough";
  Api guarded(path, http::TokenCheck({token}), condition);
  http::Request request = get("/health");
  BOOST_TEST(guarded.admit(request)->status == 401);
  request.headers = {{"Authorization", "Bearer " + token}};
  BOOST_CHECK(!guarded.admit(request));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
