#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, std::int64_t arrival = 0) {
  return tests::read_at(format, body, std::chrono::microseconds(arrival));
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("hund", body); }

std::string event(const std::string& kind, const std::string& eventable,
                  const std::string& contexts = "{}", const std::string& id = "e1") {
  return R"({"created_at":1774000003,"status_page":{"name":"Osprey DNS"},"event":{"id":")" + id +
         R"(","type":"event","created_at":1774000000,"kind":")" + kind + R"(","eventable":)" +
         eventable + R"(,"contexts":)" + contexts + "}}";
}

std::string issue(const std::string& more) {
  return R"({"id":"i1","type":"issue","title":"Late answers","body_html":"<p>We look into it.</p>",
      "label":"investigating","created_at":1773999950,"began_at":1773999900,)" +
         more + "}";
}

const std::string kUpdates =
    R"("updates":{"type":"paged_array","data":[
        {"id":"u2","label":null,"body_html":"<p>New link at 13:00.</p>","created_at":1774003600,"effective_after":1774003600},
        {"id":"u1","label":"identified","body_html":"<p>A link is full.</p>","created_at":1774001800}]})";

using tests::time_text;

}  // namespace

BOOST_AUTO_TEST_SUITE(hund_format)

BOOST_AUTO_TEST_CASE(an_issue_tells_its_link_and_its_times) {
  const StatusUpdate update = read_one(event(
      "issue_resolved",
      issue(
          R"("ended_at":1774009000,"_links":{"self-view":{"href":"https://status.osprey-dns.example/issues/i1"}})")));
  BOOST_TEST(update.incident_id == "i1");
  BOOST_TEST(update.update_id == "e1");
  BOOST_TEST(update.url == "https://status.osprey-dns.example/issues/i1");
  BOOST_TEST(time_text(update.created_at) == "2026-03-20T09:45:00Z");
  BOOST_TEST(time_text(update.resolved_at) == "2026-03-20T12:16:40Z");
  BOOST_TEST(update.message == "Resolved: We look into it.");
}

BOOST_AUTO_TEST_CASE(history_is_its_updates_and_first_of_all_its_own_text) {
  const StatusUpdate update = read_one(event("issue_updated", issue(kUpdates)));
  BOOST_TEST(update.message == "New link at 13:00.");
  BOOST_TEST((update.state == State::identified));
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST(update.history[0].id == "u1");
  BOOST_TEST(update.history[0].message == "A link is full.");
  BOOST_TEST(update.history[1].message == "We look into it.");
  BOOST_TEST((update.history[1].state == State::investigating));
  BOOST_TEST(time_text(update.history[1].happened_at) == "2026-03-20T09:45:50Z");
}

BOOST_AUTO_TEST_CASE(the_state_given_to_components_says_how_bad_it_is_even_when_over) {
  const std::string components = R"({"components":{"data":[{"id":"c1","name":"Resolvers"}]}})";
  const StatusUpdate open =
      read_one(event("issue_created", issue(R"("state_override":-1)"), components));
  BOOST_TEST((open.impact == Impact::critical));
  BOOST_TEST((open.components.at(0).state == State::major_outage));
  const StatusUpdate over =
      read_one(event("issue_resolved", issue(R"("state_override":-1)"), components));
  BOOST_TEST((over.impact == Impact::critical));
  BOOST_TEST(!over.components.at(0).state);
}

BOOST_AUTO_TEST_CASE(a_scheduled_issue_is_maintenance_and_keeps_its_window) {
  const std::string scheduled =
      issue(R"("schedule":{"starts_at":1775000000,"ends_at":1775007200,"started":false})");
  const StatusUpdate update = read_one(event("issue_updated", scheduled));
  BOOST_TEST((update.kind == Kind::maintenance));
  BOOST_TEST((update.state == State::scheduled));
  BOOST_TEST(time_text(update.scheduled_for) == "2026-03-31T23:33:20Z");
  BOOST_TEST(time_text(update.scheduled_until) == "2026-04-01T01:33:20Z");
  BOOST_TEST((read_one(event("issue_started", scheduled)).state == State::in_progress));
}

BOOST_AUTO_TEST_CASE(kinds_of_events_that_nobody_knows_yet_are_shown_if_about_an_issue) {
  BOOST_TEST((read_one(event("issue_postponed", issue(R"("resolved":false)"))).state ==
              State::investigating));
  for (const char* kind : {"SOMETHING_HAPPENED", "component_updated", "subscription_created"}) {
    const Reading reading = read_as("hund", event(kind, "{}"));
    BOOST_TEST(reading.recognised);
    BOOST_TEST(reading.updates.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_component_is_itself_the_eventable_or_among_the_contexts_or_just_an_id) {
  BOOST_TEST(read_one(event("degraded",
                            R"({"id":"c1","type":"component","name":"Resolvers","watchdog":"w1"})"))
                 .incident_id == "c1");
  BOOST_TEST(
      read_one(event("degraded", R"({"id":"s1","state":-1})", R"({"component":{"id":"c1"}})"))
          .incident_id == "c1");
  BOOST_TEST(read_one(event("degraded", R"("s1")", R"({"component":"c1"})")).incident_id == "c1");
  BOOST_TEST(read_one(event("degraded", R"({"id":"s1","watchdog":"w1"})")).incident_id == "w1");
}

BOOST_AUTO_TEST_CASE(version_1_links_to_its_component) {
  const StatusUpdate update = read_one(
      R"({"client":{"name":"Osprey DNS"},"component":{"url":"https://status.osprey-dns.example/components/c1",
      "name":"Resolvers","status":{"state":"degraded"}},"meta":{"created_at":1469656449}})");
  BOOST_TEST(update.incident_id == "c1");
  BOOST_TEST(update.url == "https://status.osprey-dns.example/components/c1");
}

BOOST_AUTO_TEST_CASE(one_event_has_one_key_and_the_next_another) {
  const std::string first = event("issue_created", issue(kUpdates));
  BOOST_TEST(read_as("auto", first).updates.at(0).key() ==
             read_as("auto", first, 60'000'000).updates.at(0).key());
  BOOST_TEST(read_one(first).key() !=
             read_one(event("issue_created", issue(kUpdates), "{}", "e2")).key());
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* body :
       {R"({"event":"component.status_changed","component":{"displayName":"API"}})",
        R"({"event":{"kind":"pod"},"subscription":{}})",
        R"({"component":{"id":"c","status":"operational"}})",
        R"({"client":"x","component":{"status":{"state":"degraded"}}})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("hund", body).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
