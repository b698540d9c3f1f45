#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "lib/status/format.h"
#include "lib/status/formats/fields.h"
#include "tests/support/bodies.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::status;

namespace {

constexpr std::int64_t kReceived = 1790000000000000;

Reading read_as(std::string_view format, std::string_view body) {
  Origin origin;
  origin.provider = "kestrel-mail";
  origin.provider_name = "Kestrel Mail";
  origin.received_at = system::from_microseconds(kReceived);
  return read_updates(format, body, origin);
}

StatusUpdate read_one(std::string_view body) {
  const Reading reading = read_as("statuspage", body);
  BOOST_REQUIRE_MESSAGE(reading.recognised, "not recognised: " << body);
  BOOST_REQUIRE(reading.updates.size() == 1U);
  return reading.updates[0];
}

std::string data(const std::string& name) {
  return tests::read_file(tests::source_root() / "tests/data/statuspage" / name);
}

std::vector<std::string> data_names() {
  return {"incident-updates-in-no-order.json", "incident-without-components.json",
          "maintenance.json", "component.json", "bare-backfilled-incident.json"};
}

// An incident with these members besides its id.
std::string incident(const std::string& members) {
  return R"({"incident":{"id":"i1")" + (members.empty() ? "" : "," + members) + "}}";
}

std::string time_text(std::optional<system::Time> time) {
  return time ? system::to_rfc3339(*time) : "none";
}

std::string component_names(const StatusUpdate& update) {
  std::string names;
  for (const Component& component : update.components) {
    names += (names.empty() ? "" : ",") + component.name;
  }
  return names;
}

// Where the values of members stand in a JSON text: offset and length. Good enough for the bodies
// of these tests.
std::vector<std::pair<std::size_t, std::size_t>> member_values(const std::string& json) {
  std::vector<std::pair<std::size_t, std::size_t>> values;
  std::vector<std::size_t> open;  // indexes into values of those that still go on
  std::vector<std::size_t> depth_of;
  std::size_t depth = 0;
  bool in_string = false;
  const auto close_at = [&](std::size_t end) {
    while (!open.empty() && depth_of.back() == depth) {
      values[open.back()].second = end - values[open.back()].first;
      open.pop_back();
      depth_of.pop_back();
    }
  };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == ':') {
      open.push_back(values.size());
      depth_of.push_back(depth);
      values.emplace_back(i + 1, 0);
    } else if (c == ',') {
      close_at(i);
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      close_at(i);
      --depth;
    }
  }
  return values;
}

void check_is_presentable(const StatusUpdate& update, const std::string& body) {
  BOOST_TEST(!update.incident_id.empty(), body);
  BOOST_TEST(!update.message.empty(), body);
  for (const Component& component : update.components) {
    BOOST_TEST(!component.name.empty(), body);
  }
  const std::string text = to_text(update, 0);
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2, body);
  BOOST_TEST(json::Document::parse(to_json(update)).has_value(), body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statuspage_incident)

BOOST_AUTO_TEST_CASE(the_example_gives_its_two_lines) {
  Origin origin;
  origin.provider_name = "OpenAI";
  const Reading reading = read_updates("statuspage", tests::kExampleBody, origin);
  BOOST_REQUIRE(reading.updates.size() == 1U);
  BOOST_TEST(to_text(reading.updates[0], 4000) ==
             "[2026-02-20 14:32:00] Product: OpenAI - Chat Completions API\n"
             "Status: We are investigating elevated error rates\n");
}

BOOST_AUTO_TEST_CASE(a_whole_body_is_read) {
  const StatusUpdate update = read_one(data("incident-updates-in-no-order.json"));
  BOOST_TEST((update.kind == Kind::incident));
  BOOST_TEST(update.incident_id == "in7c1dent0a1");
  BOOST_TEST(update.name == "Outgoing mail is delayed");
  BOOST_TEST(update.url == "https://stspg.example/k9x2m4");
  BOOST_TEST((update.impact == Impact::major));
  BOOST_TEST((update.state == State::identified));
  BOOST_REQUIRE(update.components.size() == 2U);
  BOOST_TEST((update.components[0] == Component{"c0mp0relay01", "Relays", State::partial_outage}));
  BOOST_TEST((update.components[1] == Component{"c0mp0webma11", "Webmail", State::operational}));
  BOOST_TEST(update.message ==
             "Two relays lost their disks \u2014 mail is queued, nothing is lost. Next update at "
             "11:30 CET.");
  BOOST_TEST(update.update_id == "upd000000003");
  BOOST_TEST(time_text(update.happened_at) == "2026-03-11T09:46:58.250000Z");
  BOOST_TEST(update.happened_at_known);
  BOOST_TEST(time_text(update.created_at) == "2026-03-11T09:05:11.004000Z");
  BOOST_TEST(time_text(update.resolved_at) == "none");
}

BOOST_AUTO_TEST_CASE(latest_update_is_chosen_by_time_not_by_place) {
  const std::string older = R"({"id":"old","body":"Old","created_at":"2026-02-20T14:00:00+02:00"})";
  const std::string newer = R"({"id":"new","body":"New","created_at":"2026-02-20T12:30:00Z"})";
  for (const std::string& list : {older + "," + newer, newer + "," + older}) {
    const StatusUpdate update = read_one(incident("\"incident_updates\":[" + list + "]"));
    BOOST_TEST(update.update_id == "new");
    BOOST_TEST(update.message == "New");
  }
}

BOOST_AUTO_TEST_CASE(display_and_update_times_stand_in_for_a_missing_created_at) {
  const StatusUpdate update = read_one(incident(R"("incident_updates":[
      {"id":"a","created_at":"2026-02-20T12:00:00Z"},
      {"id":"b","created_at":null,"display_at":"2026-02-20T13:00:00Z"},
      {"id":"c","updated_at":"2026-02-20T14:00:00Z"},
      {"id":"d"}])"));
  BOOST_TEST(update.update_id == "c");
  std::string order;
  for (const PastUpdate& past : update.history) {
    order += past.id;
  }
  BOOST_TEST(order == "bad");
}

BOOST_AUTO_TEST_CASE(without_times_or_with_equal_ones_the_first_is_the_latest) {
  BOOST_TEST(read_one(incident(R"("incident_updates":[{"id":"a"},{"id":"b"}])")).update_id == "a");
  BOOST_TEST(read_one(incident(R"("incident_updates":[
      {"id":"a","created_at":"2026-02-20T12:00:00Z"},
      {"id":"b","created_at":"2026-02-20T12:00:00Z"}])"))
                 .update_id == "a");
}

BOOST_AUTO_TEST_CASE(history_is_the_rest_newest_first) {
  const StatusUpdate update = read_one(data("incident-updates-in-no-order.json"));
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST(update.history[0].id == "upd000000002");
  BOOST_TEST(update.history[0].message ==
             "Still looking: latency < 5 min for most, AT&T excepted.");
  BOOST_TEST(time_text(update.history[0].happened_at) == "2026-03-11T09:20:00.000000Z");
  BOOST_TEST(update.history[1].id == "upd000000001");
  BOOST_TEST(update.history[1].message ==
             "Some mail leaves our relays late. We are looking into it.");
  BOOST_TEST((update.history[1].state == State::investigating));
}

BOOST_AUTO_TEST_CASE(the_time_is_the_best_there_is) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("updated_at":"2026-01-01T00:00:01Z","created_at":"2026-01-01T00:00:09Z",
          "incident_updates":[{"updated_at":"2026-01-01T00:00:02Z"}])",
       "2026-01-01T00:00:01.000000Z"},
      {R"("updated_at":"soon","created_at":"2026-01-01T00:00:09Z","incident_updates":[
          {"updated_at":"2026-01-01T00:00:02Z","created_at":"2026-01-01T00:00:03Z"}])",
       "2026-01-01T00:00:02.000000Z"},
      {R"("incident_updates":[{"created_at":"2026-01-01T00:00:03Z",
          "display_at":"2026-01-01T00:00:04Z"}])",
       "2026-01-01T00:00:03.000000Z"},
      {R"("incident_updates":[{"display_at":"2026-01-01T00:00:04Z"}])",
       "2026-01-01T00:00:04.000000Z"},
      {R"("created_at":"2026-01-01T00:00:09Z","incident_updates":[{}])",
       "2026-01-01T00:00:09.000000Z"},
  };
  for (const auto& [members, expected] : cases) {
    const StatusUpdate update = read_one(incident(members));
    BOOST_TEST(time_text(update.happened_at) == expected, members);
    BOOST_TEST(update.happened_at_known);
  }
}

BOOST_AUTO_TEST_CASE(without_a_time_in_the_incident_its_making_or_arrival_counts) {
  const StatusUpdate made =
      read_one(R"({"meta":{"generated_at":"2026-01-01T00:00:05Z"},"incident":{"id":"i1"}})");
  BOOST_TEST(time_text(made.happened_at) == "2026-01-01T00:00:05.000000Z");
  BOOST_TEST(made.happened_at_known);
  const StatusUpdate bare = read_one(incident(""));
  BOOST_TEST((bare.happened_at == system::from_microseconds(kReceived)));
  BOOST_TEST(!bare.happened_at_known);
}

BOOST_AUTO_TEST_CASE(components_come_from_the_latest_update_when_the_incident_has_none) {
  const std::string updates = R"("incident_updates":[
      {"created_at":"2026-01-01T00:00:00Z","affected_components":[{"code":"o","name":"Old"}]},
      {"created_at":"2026-01-02T00:00:00Z","affected_components":[
         {"code":"n","name":"New","old_status":"operational","new_status":"major_outage"}]}])";
  for (const std::string components : {"", R"("components":[],)", R"("components":null,)"}) {
    const StatusUpdate update = read_one(incident(components + updates));
    BOOST_REQUIRE(update.components.size() == 1U);
    BOOST_TEST((update.components[0] == Component{"n", "New", State::major_outage}));
  }
  BOOST_TEST(component_names(read_one(incident(R"("components":[{"name":"Own"}],)" + updates))) ==
             "Own");
}

BOOST_AUTO_TEST_CASE(the_placeholder_for_no_component_is_no_component) {
  BOOST_TEST(read_one(data("incident-without-components.json")).components.empty());
  BOOST_TEST(component_names(read_one(incident(R"("components":[
      {"name":"no components were affected  by this update"},{"name":"Relays"},null,7,{},
      "Webmail",{"id":"c9"},{"name":""}])"))) == "Relays,Webmail,c9");
}

BOOST_AUTO_TEST_CASE(unknown_component_words_are_no_state) {
  const StatusUpdate update = read_one(incident(R"("components":[
      {"name":"a","status":"on_fire"},{"name":"b","status":"resolved"},{"name":"c","status":null},
      {"name":"d","status":"Degraded Performance"}])"));
  BOOST_REQUIRE(update.components.size() == 4U);
  BOOST_TEST(!update.components[0].state);
  BOOST_TEST(!update.components[1].state);
  BOOST_TEST(!update.components[2].state);
  BOOST_TEST((update.components[3].state == State::degraded_performance));
}

BOOST_AUTO_TEST_CASE(states_are_found_in_this_order) {
  const std::pair<std::string, State> cases[] = {
      {"", State::investigating},
      {R"("status":"monitoring")", State::monitoring},
      {R"("status":"Monitoring")", State::monitoring},
      {R"("status":"postmortem")", State::postmortem},
      {R"("status":"on fire")", State::investigating},
      {R"("status":"operational")", State::investigating},
      {R"("status":null,"resolved_at":"2026-01-01T00:00:00Z")", State::resolved},
      {R"("status":"odd","resolved_at":null)", State::investigating},
      {R"("status":"identified","resolved_at":"2026-01-01T00:00:00Z")", State::identified},
      {R"("incident_updates":[{"status":"identified"}])", State::identified},
      {R"("status":"resolved","incident_updates":[{"status":"investigating"}])", State::resolved},
  };
  for (const auto& [members, state] : cases) {
    const StatusUpdate update = read_one(incident(members));
    BOOST_TEST((update.state == state), members);
    BOOST_TEST((update.kind == Kind::incident), members);
  }
}

BOOST_AUTO_TEST_CASE(impact_is_the_senders_else_that_of_the_worst_component) {
  const std::pair<std::string, Impact> cases[] = {
      {"", Impact::none},
      {R"("impact":"critical")", Impact::critical},
      {R"("impact":"none","components":[{"name":"a","status":"major_outage"}])", Impact::none},
      {R"("impact":null,"impact_override":"minor")", Impact::minor},
      {R"("impact":"huge","components":[{"name":"a","status":"under_maintenance"},
          {"name":"b","status":"partial_outage"},{"name":"c","status":"degraded_performance"}])",
       Impact::major},
  };
  for (const auto& [members, impact] : cases) {
    BOOST_TEST((read_one(incident(members)).impact == impact), members);
  }
}

BOOST_AUTO_TEST_CASE(without_a_text_the_title_and_state_are_the_message) {
  BOOST_TEST(read_one(incident(R"("name":"Late mail","status":"identified")")).message ==
             "Late mail (identified)");
  BOOST_TEST(
      read_one(incident(R"("name":"Late mail","incident_updates":[{"body":" <br> "}])")).message ==
      "Late mail (investigating)");
  BOOST_TEST(read_one(incident("")).message == "Incident (investigating)");
  BOOST_TEST(read_one(incident(R"("name":"Move","status":"in_progress")")).message ==
             "Move (in progress)");
}

BOOST_AUTO_TEST_CASE(a_missing_id_is_made_and_stays_the_same_over_updates) {
  const auto id = [](const std::string& members) {
    return read_one("{\"incident\":{" + members + "}}").incident_id;
  };
  BOOST_TEST(id(R"("name":"n","incident_updates":[{"incident_id":"real"}])") == "real");
  BOOST_TEST(id(R"("name":"n","id":4711)") == "4711");
  const std::string by_link = id(R"("name":"n","shortlink":"https://s.example/1")");
  BOOST_TEST(by_link ==
             id(R"("name":"renamed","status":"resolved","shortlink":"https://s.example/1")"));
  BOOST_TEST(by_link != id(R"("name":"n","shortlink":"https://s.example/2")"));
  const std::string by_name = id(R"("name":"n","created_at":"2026-01-01T00:00:00Z")");
  BOOST_TEST(by_name ==
             id(R"("name":"n","created_at":"2026-01-01T00:00:00Z","status":"resolved")"));
  BOOST_TEST(by_name != id(R"("name":"n","created_at":"2026-01-02T00:00:00Z")"));
  BOOST_TEST(!id(R"("incident_updates":[])").empty());
}

BOOST_AUTO_TEST_CASE(only_web_links_are_links) {
  const auto url = [](const std::string& link) {
    return read_one(incident("\"shortlink\":\"" + link + "\"")).url;
  };
  BOOST_TEST(url("https://stspg.example/k") == "https://stspg.example/k");
  BOOST_TEST(url("javascript:alert(1)") == "");
  BOOST_TEST(url("https://a.example/ b") == "");
  BOOST_TEST(url("https://a.example/\\\"><script>") == "");
  BOOST_TEST(url("https://a.example/" + std::string(kMaxUrl, 'a')) == "");
}

BOOST_AUTO_TEST_CASE(a_bare_backfilled_incident_is_read) {
  const StatusUpdate update = read_one(data("bare-backfilled-incident.json"));
  BOOST_TEST((update.kind == Kind::incident));
  BOOST_TEST(update.incident_id == "bare00000001");
  BOOST_TEST((update.state == State::resolved));
  BOOST_TEST(time_text(update.resolved_at) == "none");
  BOOST_TEST(time_text(update.happened_at) == "2016-05-27T16:11:36.719000Z");
  BOOST_TEST(time_text(update.created_at) == "2016-05-20T13:00:00.000000Z");
  BOOST_TEST(update.components.empty());
  BOOST_TEST(update.message == "Invoices of May 20th came late. They are all sent by now.");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statuspage_maintenance)

BOOST_AUTO_TEST_CASE(a_whole_body_is_read) {
  const StatusUpdate update = read_one(data("maintenance.json"));
  BOOST_TEST((update.kind == Kind::maintenance));
  BOOST_TEST((update.impact == Impact::maintenance));
  BOOST_TEST((update.state == State::scheduled));
  BOOST_TEST(time_text(update.scheduled_for) == "2026-06-06T23:00:00.000000Z");
  BOOST_TEST(time_text(update.scheduled_until) == "2026-06-07T01:00:00.000000Z");
  BOOST_REQUIRE(update.components.size() == 1U);
  BOOST_TEST((update.components[0] == Component{"v1enna000001", "Vienna", State::operational}));
}

BOOST_AUTO_TEST_CASE(impact_status_or_window_make_it_one) {
  for (const std::string members :
       {R"("impact":"maintenance")", R"("status":"scheduled")", R"("status":"in_progress")",
        R"("status":"verifying")", R"("status":"completed")",
        R"("scheduled_for":"2026-06-07T01:00:00Z")",
        R"("status":"odd","incident_updates":[{"status":"scheduled"}])"}) {
    BOOST_TEST((read_one(incident(members)).kind == Kind::maintenance), members);
  }
  BOOST_TEST((read_one(incident(R"("scheduled_for":null)")).kind == Kind::incident));
}

BOOST_AUTO_TEST_CASE(it_may_stand_under_other_keys) {
  for (const std::string key : {"scheduled_maintenance", "maintenance"}) {
    const StatusUpdate update = read_one("{\"" + key + R"(":{"id":"m1","name":"Move"}})");
    BOOST_TEST((update.kind == Kind::maintenance));
    BOOST_TEST((update.state == State::scheduled));
    BOOST_TEST((update.impact == Impact::maintenance));
    BOOST_TEST(update.message == "Move (scheduled)");
  }
}

BOOST_AUTO_TEST_CASE(it_keeps_to_its_own_words) {
  const std::pair<std::string, State> cases[] = {
      {"identified", State::in_progress}, {"monitoring", State::verifying},
      {"resolved", State::completed},     {"postmortem", State::completed},
      {"verifying", State::verifying},    {"In Progress", State::in_progress},
      {"odd", State::scheduled},
  };
  for (const auto& [word, state] : cases) {
    BOOST_TEST(
        (read_one(incident(R"("impact":"maintenance","status":")" + word + "\"")).state == state),
        word);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statuspage_component)

BOOST_AUTO_TEST_CASE(a_whole_body_is_read) {
  const StatusUpdate update = read_one(data("component.json"));
  BOOST_TEST((update.kind == Kind::component));
  BOOST_TEST(update.incident_id == "c0mp0relay01");
  BOOST_TEST(update.name == "Relays");
  BOOST_TEST((update.state == State::partial_outage));
  BOOST_TEST((update.impact == Impact::major));
  BOOST_TEST(update.message == "Partial outage (was operational)");
  BOOST_TEST(update.update_id == "c0mpupd00001");
  BOOST_TEST(time_text(update.happened_at) == "2026-03-11T09:05:11.071000Z");
  BOOST_REQUIRE(update.components.size() == 1U);
  BOOST_TEST((update.components[0] == Component{"c0mp0relay01", "Relays", State::partial_outage}));
  BOOST_TEST(to_text(update, 0) ==
             "[2026-03-11 09:05:11] Product: Kestrel Mail - Relays\n"
             "Status: Partial outage (was operational)\n");
}

BOOST_AUTO_TEST_CASE(impact_follows_from_the_state) {
  const std::pair<std::string, Impact> cases[] = {
      {"operational", Impact::none},
      {"degraded_performance", Impact::minor},
      {"partial_outage", Impact::major},
      {"major_outage", Impact::critical},
      {"under_maintenance", Impact::maintenance},
  };
  for (const auto& [word, impact] : cases) {
    const StatusUpdate update =
        read_one(R"({"component_update":{"component_id":"c1","new_status":")" + word + "\"}}");
    BOOST_TEST((update.impact == impact), word);
  }
}

BOOST_AUTO_TEST_CASE(half_a_body_is_enough) {
  const StatusUpdate change =
      read_one(R"({"component_update":{"component_id":"c1","new_status":"major_outage"}})");
  BOOST_TEST(change.incident_id == "c1");
  BOOST_TEST(change.name == "c1");
  BOOST_TEST(change.message == "Major outage");
  BOOST_TEST(!change.happened_at_known);
  const StatusUpdate component = read_one(
      R"({"component":{"name":"Relays","status":"operational","updated_at":"2026-01-01T00:00:00Z"}})");
  BOOST_TEST(!component.incident_id.empty());
  BOOST_TEST(component.name == "Relays");
  BOOST_TEST((component.state == State::operational));
  BOOST_TEST(time_text(component.happened_at) == "2026-01-01T00:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(a_word_that_did_not_change_is_not_told_twice) {
  BOOST_TEST(read_one(R"({"component_update":{"id":"u","old_status":"operational",
      "new_status":"operational"},"component":{"id":"c","name":"Relays"}})")
                 .message == "Operational");
}

BOOST_AUTO_TEST_CASE(a_word_that_nobody_knows_is_passed_on) {
  const StatusUpdate update = read_one(R"({"component_update":{"id":"u","old_status":"operational",
      "new_status":"Limited availability"},"component":{"id":"c","name":"Relays"}})");
  BOOST_TEST(update.message == "Limited availability (was operational)");
  BOOST_TEST((update.state == State::degraded_performance));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statuspage_recognition)

BOOST_AUTO_TEST_CASE(every_sample_and_every_minimal_body_is_recognised) {
  for (const std::string& name : data_names()) {
    BOOST_TEST(read_as("auto", data(name)).recognised, name);
  }
  for (const std::string_view body :
       {R"({"incident":{"id":"x"}})", R"({"incident":{"name":"x"}})",
        R"({"incident":{"incident_updates":[]}})", R"({"incident":{"status":"resolved"}})",
        R"({"page":{"name":"Kestrel","url":"https://k.example"},"incident":{"id":"x"}})",
        R"({"component":{"id":"x","status":"operational"}})",
        R"({"component_update":{"new_status":"operational"}})"}) {
    BOOST_TEST(read_as("statuspage", body).recognised, body);
  }
}

BOOST_AUTO_TEST_CASE(bodies_of_other_senders_are_left_to_them) {
  for (const std::string_view body : {
           // Instatus: words in capitals, page.url without a name, maintenance_updates
           R"({"page":{"id":"p","status_indicator":"HASISSUES"},"incident":{"id":"x"}})",
           R"({"page":{"id":"p","url":"https://k.instatus.example"},"incident":{"id":"x"}})",
           R"({"incident":{"id":"x","status":"INVESTIGATING"}})",
           R"({"maintenance":{"id":"x","maintenance_updates":[]}})",
           R"({"component_update":{"new_status":"MAJOROUTAGE"},"component":{"id":"x"}})",
           // Better Stack, incident.io
           R"({"event_type":"incident","page":{"id":"1"},"incident":{"id":"x"}})",
           // Hund v1
           R"({"client":{"name":"K"},"component":{"name":"x","status":{"state":"degraded"}}})",
           // Google Cloud
           R"({"version":"1.2","incident":{"incident_id":"x","state":"open"}})",
           // others
           R"({"event":"component.changed","component":{"displayName":"x"}})",
           R"({"type":"triggered","event":"incident","data":{"title":"x"}})",
           R"({"id":"1","title":"x","current_status":"Operational","incident_url":"https://x"})",
           R"({"incident":{}})",
           R"({"incident":null})",
           R"({"incident":"x"})",
           "{}",
           "[]",
       }) {
    BOOST_TEST(!read_as("statuspage", body).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statuspage_hostile)

BOOST_AUTO_TEST_CASE(any_value_may_be_anything) {
  const std::string huge = "\"" + std::string(20'000, 'x') + "\"";
  std::size_t read = 0;
  for (const std::string& name : data_names()) {
    const std::string body = data(name);
    for (const auto& [offset, length] : member_values(body)) {
      for (const std::string& other :
           {std::string("null"), std::string("7"), std::string("-1e308"), std::string("true"),
            std::string("[]"), std::string("{}"), std::string("\"\""),
            std::string("[null,[],{},7]"), std::string(R"("\u0000\u202e\n<b>")"),
            std::string(R"("2026-99-99T99:99:99Z")"), huge}) {
        const std::string changed = std::string(body).replace(offset, length, other);
        BOOST_REQUIRE(json::Document::parse(changed).has_value());
        const Reading reading = read_as("statuspage", changed);
        for (const StatusUpdate& update : reading.updates) {
          check_is_presentable(update, changed);
          ++read;
        }
      }
    }
  }
  BOOST_TEST(read > 1000U);
}

BOOST_AUTO_TEST_CASE(names_and_ids_and_lists_are_bounded) {
  std::string many;
  for (std::size_t i = 0; i < 3 * kMaxComponents; ++i) {
    many += (i == 0 ? "" : ",") + std::string(R"({"name":"c"})");
  }
  const std::string updates = many;
  const StatusUpdate update =
      read_one(R"({"incident":{"id":")" + std::string(10'000, 'i') + R"(","name":")" +
               std::string(10'000, 'n') + R"(","components":[)" + many +
               R"(],"incident_updates":[)" + updates + "]}}");
  BOOST_TEST(update.components.size() == kMaxComponents);
  BOOST_TEST(update.history.size() == kMaxHistory);
  BOOST_TEST(update.incident_id.size() <= kMaxId + 2);  // an ellipsis has three bytes
  BOOST_TEST(update.name.size() <= kMaxName + 2);
}

BOOST_AUTO_TEST_CASE(no_text_can_forge_a_line) {
  const StatusUpdate update = read_one(R"({"incident":{"id":"i\n1","name":"a\u2028b\u001b[2J",
      "components":[{"name":"c\r\nStatus: fine"}],
      "incident_updates":[{"id":"u\u0000","body":"x\n[2026-01-01 00:00:00] Product: y\u202ez"}]}})");
  BOOST_TEST(update.incident_id == "i 1");
  BOOST_TEST(update.name == "a b[2J");
  BOOST_TEST(update.components[0].name == "c Status: fine");
  BOOST_TEST(update.update_id == "u");
  BOOST_TEST(update.message == "x [2026-01-01 00:00:00] Product: yz");
}

BOOST_AUTO_TEST_SUITE_END()
