#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body) {
  return tests::read_at(format, body);
}

std::string event(const std::string& type, const std::string& payload) {
  return R"({"event_type":")" + type + R"(",")" + type + "\":" + payload + "}";
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("auto", body); }

std::string status_named(const std::string& name, const std::string& category) {
  return R"({"name":")" + name + R"(","category":")" + category + R"("})";
}

std::string incident(const std::string& now, const std::string& more = "") {
  return R"({"id":"01Q","name":"Mail is late","permalink":"https://app.incident.io/k/incidents/7",
      "created_at":"2026-05-07T02:10:00Z","updated_at":"2026-05-07T02:31:05Z","incident_status":)" +
         now + more + "}";
}

StatusUpdate read_status(const std::string& name, const std::string& category) {
  return read_one(
      event("public_incident.incident_updated_v2", incident(status_named(name, category))));
}

StatusUpdate read_severity(const std::string& severity) {
  return read_one(event(
      "public_incident.incident_created_v2",
      incident(status_named("Triage", "triage"), R"(,"severity":{"name":")" + severity + "\"}")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(incidentio_format)

BOOST_AUTO_TEST_CASE(an_incident_has_its_link_its_beginning_and_the_end_that_its_owner_set) {
  const StatusUpdate update = read_one(
      event("public_incident.incident_created_v2",
            incident(status_named("Closed", "closed"),
                     R"(,"incident_timestamp_values":[{"incident_timestamp":{"name":"Reported at"},
               "value":{"value":"2026-05-07T02:00:00Z"}},{"incident_timestamp":{"name":"Resolved at"},
               "value":{"value":"2026-05-07T02:30:00Z"}}])")));
  BOOST_TEST(update.url == "https://app.incident.io/k/incidents/7");
  BOOST_TEST(system::to_rfc3339_seconds(*update.created_at) == "2026-05-07T02:10:00Z");
  BOOST_REQUIRE(update.resolved_at);
  BOOST_TEST(system::to_rfc3339_seconds(*update.resolved_at) == "2026-05-07T02:30:00Z");
}

BOOST_AUTO_TEST_CASE(the_category_tells_whether_it_is_over_and_the_name_how_far_it_is) {
  BOOST_TEST((read_status("Triage", "triage").state == State::investigating));
  BOOST_TEST((read_status("Fixing", "live").state == State::identified));
  BOOST_TEST((read_status("Monitoring", "live").state == State::monitoring));
  BOOST_TEST((read_status("Vendor has it", "live").state == State::investigating));
  BOOST_TEST((read_status("Closed", "live").state == State::investigating));
  BOOST_TEST((read_status("On hold", "paused").state == State::investigating));
  BOOST_TEST((read_status("Monitoring", "learning").state == State::resolved));
  BOOST_TEST((read_status("Merged", "merged").state == State::resolved));
  BOOST_TEST((read_status("Canceled", "canceled").state == State::resolved));
}

BOOST_AUTO_TEST_CASE(the_severity_is_found_in_the_customers_name_for_it) {
  BOOST_TEST((read_severity("Critical").impact == Impact::critical));
  BOOST_TEST((read_severity("SEV-2").impact == Impact::major));
  BOOST_TEST((read_severity("Sev 3 (annoying)").impact == Impact::minor));
  BOOST_TEST((read_severity("P1").impact == Impact::critical));
  BOOST_TEST((read_severity("Informational").impact == Impact::none));
  BOOST_TEST((read_severity("Purple").impact == Impact::minor));
}

BOOST_AUTO_TEST_CASE(every_change_is_an_update_of_its_own) {
  const std::string fixing = status_named("Fixing", "live");
  const std::string monitoring = status_named("Monitoring", "live");
  const auto changed = [](const std::string& now, const std::string& message) {
    return read_one(event("public_incident.incident_status_updated_v2",
                          R"({"incident":)" + incident(now) + R"(,"message":")" + message +
                              R"(","new_status":)" + now + "}"));
  };
  const StatusUpdate first = changed(fixing, "New disks at 03:00.");
  BOOST_TEST(changed(fixing, "New disks at 03:00.").key() == first.key());
  BOOST_TEST(changed(fixing, "New disks at 04:00.").key() != first.key());
  BOOST_TEST(changed(monitoring, "New disks at 03:00.").key() != first.key());
  BOOST_TEST(changed(monitoring, "").message == "Mail is late (Monitoring)");
  BOOST_TEST(changed(monitoring, "").incident_id == first.incident_id);
}

BOOST_AUTO_TEST_CASE(an_alert_that_is_resolved_is_the_one_that_fired) {
  const auto alert = [](const std::string& type, const std::string& more) {
    return read_one(event(type, R"({"id":"01A","title":"Queue is long","created_at":
        "2026-05-07T02:08:00Z","source_url":"https://graphs.kestrel.example/7")" +
                                    more + "}"));
  };
  const StatusUpdate fired = alert("public_alert.alert_created_v1", R"(,"attributes":[
      {"attribute":{"name":"Priority"},"value":{"label":"P2"}}])");
  const StatusUpdate over =
      alert("public_alert.alert_resolved_v1", R"(,"resolved_at":"2026-05-07T03:00:00Z")");
  BOOST_TEST((fired.impact == Impact::major));
  BOOST_TEST(fired.url == "https://graphs.kestrel.example/7");
  BOOST_TEST(over.incident_id == fired.incident_id);
  BOOST_TEST(over.key() != fired.key());
  BOOST_TEST((over.state == State::resolved));
  BOOST_TEST(system::to_rfc3339_seconds(*over.resolved_at) == "2026-05-07T03:00:00Z");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* foreign :
       {R"({"event_type":"incident","incident":{"id":"7","name":"Late mail"}})",
        R"({"event_type":"public_incident.incident_created_v2"})",
        R"({"event_type":"a.b","a.b":"c"})", R"({"event_type":null})", "[]", "null"}) {
    BOOST_TEST(!read_as("incidentio", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
