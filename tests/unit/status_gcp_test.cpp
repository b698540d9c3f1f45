#include <string>

#include "lib/status/format.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_gcp(const std::string& body, std::string_view format = "auto") {
  return tests::read_at(format, body);
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("auto", body); }

StatusUpdate read_file(const std::string& name) {
  return read_one(tests::read_file(tests::source_root() / ("tests/data/gcp/" + name + ".json")));
}

std::string incident(const std::string& fields) {
  return R"({"version":"1.2","incident":{"policy_name":"Lag","condition_name":"Above 60 s",)" +
         fields + "}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gcp_format)

BOOST_AUTO_TEST_CASE(an_incident_has_its_times_and_its_link) {
  const StatusUpdate open = read_file("metric-open");
  BOOST_TEST(open.url ==
             "https://console.cloud.google.com/monitoring/alerting/alerts/"
             "0.kestrel7mail?project=kestrel-prod");
  BOOST_TEST(open.name == "Relays are busy");
  BOOST_TEST(system::to_rfc3339_seconds(*open.created_at) == "2026-04-14T09:00:00Z");
  BOOST_TEST(!open.resolved_at);
  BOOST_REQUIRE(open.components.size() == 1U);
  BOOST_TEST(open.components[0].id == "11223344");
  const StatusUpdate over = read_file("metric-closed");
  BOOST_TEST(over.incident_id == open.incident_id);
  BOOST_TEST(over.key() != open.key());
  BOOST_TEST((over.created_at == open.created_at));
  BOOST_TEST(system::to_rfc3339_seconds(*over.resolved_at) == "2026-04-14T09:20:00Z");
}

BOOST_AUTO_TEST_CASE(a_repeated_notification_is_no_news) {
  const auto with = [](const std::string& value, const std::string& start) {
    return read_one(incident(R"("incident_id":"0.a","state":"open","started_at":)" + start +
                             R"(,"summary":"Lag is )" + value + "\""))
        .key();
  };
  BOOST_TEST(with("75", "1776157200") == with("80", "1776157200"));
  BOOST_TEST(with("75", "0") == with("80", "null"));
  BOOST_TEST(with("75", "1776157200") != with("75", "1776160800"));
}

BOOST_AUTO_TEST_CASE(firings_without_id_and_times_are_told_apart_by_their_text) {
  const auto key = [](const std::string& value) {
    return read_one(incident(R"("state":"OPEN","summary":"Lag is )" + value + "\"")).key();
  };
  BOOST_TEST(key("75") != key("80"));
}

BOOST_AUTO_TEST_CASE(the_first_severity_that_says_something_counts) {
  const auto impact = [](const std::string& fields) {
    return read_one(incident(R"("state":"open",)" + fields)).impact;
  };
  BOOST_TEST((impact(R"("severity":"Error","policy_user_labels":{"severity":"critical"})") ==
              Impact::major));
  BOOST_TEST((impact(R"("severity":"No severity","policy_user_labels":{"severity":"HIGH"})") ==
              Impact::major));
  BOOST_TEST(
      (impact(R"("metadata":{"system_labels":{"severity":"critical"}})") == Impact::critical));
  BOOST_TEST((impact(R"("severity":"purple")") == Impact::minor));
}

BOOST_AUTO_TEST_CASE(without_a_state_the_end_tells_it) {
  BOOST_TEST(
      (read_one(incident(R"("incident_id":"a","ended_at":1776158400)")).state == State::resolved));
  BOOST_TEST(
      (read_one(incident(R"("incident_id":"a","ended_at":0)")).state == State::investigating));
}

BOOST_AUTO_TEST_CASE(what_is_logged_during_an_incident_is_news) {
  const auto key = [](const std::string& content) {
    return read_one(incident(R"("incident_id":"0.a","state":"open","started_at":1776157200,
        "condition":{"conditionMatchedLog":{}},"documentation":{"content":")" +
                             content + "\"}"))
        .key();
  };
  BOOST_TEST(key("Mail is late") == key("Mail is late"));
  BOOST_TEST(key("Mail is late") != key("Mail flows again"));
}

BOOST_AUTO_TEST_CASE(metrics_of_logs_are_told_by_their_documentation) {
  const StatusUpdate update = read_one(incident(
      R"("state":"open","metric":{"type":"logging.googleapis.com/user/health"},"summary":"Above 0",
      "documentation":{"content":"Mail is late","subject":"[ALERT] generated"})"));
  BOOST_TEST(update.message == "Lag: Mail is late");
}

BOOST_AUTO_TEST_CASE(the_incidents_of_others_are_left_alone) {
  for (const char* foreign :
       {R"({"incident":{"id":"x","name":"Late mail","status":"investigating"}})",
        R"({"version":"1.2","incident":{"incident_id":"x","state":"open","summary":"Late"}})",
        R"({"version":"1.2","incident":{"policy_name":"x"}})", R"({"version":"test"})", "[]",
        "null"}) {
    BOOST_TEST(!read_gcp(foreign, "gcp").recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
