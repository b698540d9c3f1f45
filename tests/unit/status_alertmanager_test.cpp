#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, int minutes = 0) {
  return tests::read_at(format, body, std::chrono::minutes(minutes));
}

std::string group(const std::string& alerts, const std::string& more = "") {
  return R"({"version":"4","receiver":"status","groupKey":"{}:{}","status":"firing",
      "externalURL":"http://am.kestrel.example","alerts":[)" +
         alerts + "]" + more + "}";
}

StatusUpdate read_one(const std::string& alert, int minutes = 0) {
  return tests::only_update("auto", group(alert), std::chrono::minutes(minutes));
}

std::string alert(const std::string& status, const std::string& start, const std::string& end,
                  const std::string& text = "10,412 letters wait") {
  return R"({"status":")" + status + R"(","labels":{"alertname":"QueueIsLong","severity":"high"},
      "annotations":{"description":")" +
         text + R"(","runbook_url":"https://runbooks.kestrel.example/queue"},"startsAt":")" +
         start + R"(","endsAt":")" + end + R"(","fingerprint":"9f1c"})";
}

constexpr const char* kStart = "2026-05-07T02:08:12Z";
constexpr const char* kNever = "0001-01-01T00:00:00Z";

StatusUpdate read_labels(const std::string& labels) {
  return read_one(R"({"status":"firing","startsAt":"2026-05-07T02:08:12Z","labels":)" + labels +
                  "}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alertmanager_format)

BOOST_AUTO_TEST_CASE(a_firing_alert_that_is_repeated_is_one_update) {
  const StatusUpdate first = read_one(alert("firing", kStart, kNever));
  const StatusUpdate again = read_one(alert("firing", kStart, kNever, "11,007 letters wait"), 240);
  BOOST_TEST(again.key() == first.key());
  BOOST_TEST(!first.resolved_at);
  BOOST_TEST(system::to_rfc3339_seconds(*first.created_at) == kStart);
  BOOST_TEST(first.url == "https://runbooks.kestrel.example/queue");
}

BOOST_AUTO_TEST_CASE(what_is_resolved_is_the_incident_that_fired_and_ends_when_the_alert_does) {
  const StatusUpdate fired = read_one(alert("firing", "2026-05-07T04:08:12+02:00", kNever));
  const StatusUpdate over = read_one(alert("resolved", kStart, "2026-05-07T03:55:12Z"));
  BOOST_TEST(over.incident_id == fired.incident_id);
  BOOST_TEST(over.key() != fired.key());
  BOOST_TEST((over.impact == Impact::major));
  BOOST_REQUIRE(over.resolved_at);
  BOOST_TEST((*over.resolved_at == over.happened_at));
  BOOST_TEST(system::to_rfc3339_seconds(over.happened_at) == "2026-05-07T03:55:12Z");
  BOOST_TEST(!read_one(alert("resolved", kStart, kNever)).happened_at_known);
}

BOOST_AUTO_TEST_CASE(a_later_firing_is_a_new_incident) {
  const StatusUpdate first = read_one(alert("firing", kStart, kNever));
  const StatusUpdate later = read_one(alert("firing", "2026-05-09T12:00:00Z", kNever));
  BOOST_TEST(later.incident_id != first.incident_id);
  const std::string without = alert("firing", "", "");
  BOOST_TEST(read_one(without, 0).key() != read_one(without, 240).key());
}

BOOST_AUTO_TEST_CASE(without_a_fingerprint_the_labels_tell_alerts_apart_in_any_order) {
  const StatusUpdate one = read_labels(R"({"alertname":"A","instance":"b"})");
  BOOST_TEST(read_labels(R"({"instance":"b","alertname":"A"})").incident_id == one.incident_id);
  BOOST_TEST(read_labels(R"({"instance":"c","alertname":"A"})").incident_id != one.incident_id);
}

BOOST_AUTO_TEST_CASE(impact_and_component_come_from_labels) {
  BOOST_TEST((read_labels(R"({"severity":"critical"})").impact == Impact::critical));
  BOOST_TEST((read_labels(R"({"severity":"Page"})").impact == Impact::major));
  BOOST_TEST((read_labels(R"({"severity":"warning"})").impact == Impact::minor));
  BOOST_TEST((read_labels(R"({"severity":"info"})").impact == Impact::none));
  BOOST_TEST((read_labels(R"({"severity":"team-a"})").impact == Impact::minor));
  BOOST_TEST((read_labels(R"({"priority":"P1"})").impact == Impact::critical));
  const StatusUpdate update = read_labels(R"({"job":"node","service":"Webmail","pod":"web-1"})");
  BOOST_REQUIRE(update.components.size() == 1U);
  BOOST_TEST(update.components[0].name == "Webmail (web-1)");
  BOOST_TEST(read_labels(R"({"team":"mail"})").components.empty());
}

BOOST_AUTO_TEST_CASE(alerts_that_were_left_out_are_counted_and_change_no_key) {
  const std::string one = alert("firing", kStart, kNever);
  const Reading cut = read_as("auto", group(one, R"(,"truncatedAlerts":12)"));
  BOOST_REQUIRE(cut.updates.size() == 1U);
  BOOST_TEST(cut.updates[0].message.find("12") != std::string::npos);
  BOOST_TEST(cut.updates[0].key() == read_one(one).key());
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* foreign : {R"({"alerts":[]})", R"({"version":"4","alerts":[{"labels":{}}]})",
                              R"({"receiver":"a","groupKey":"b","alerts":{}})",
                              R"({"receiver":"a","groupKey":"b"})", "[]", "null"}) {
    BOOST_TEST(!read_as("alertmanager", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
