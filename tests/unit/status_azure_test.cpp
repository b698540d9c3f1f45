#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body) {
  return tests::read_at(format, body);
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("auto", body); }

std::string activity_log(const std::string& properties) {
  return R"({"schemaId":"Microsoft.Insights/activityLogs","data":{"status":"Activated","context":
      {"activityLog":{"eventSource":"ServiceHealth","eventTimestamp":"2026-03-04T05:06:07.1234567+00:00",
      "operationName":"Microsoft.ServiceHealth/incident/action","properties":)" +
         properties + "}}}}";
}

std::string properties(const std::string& stage, const std::string& type = "Incident") {
  return R"({"title":"Heron Queues - North","service":"Heron Queues","region":"North",
      "communication":"<p>Messages wait &amp; wait.</p>","incidentType":")" +
         type + R"(","trackingId":"HQ1X-9Z0","communicationId":"77001","stage":")" + stage +
         R"(","impactStartTime":"2026-03-04T04:00:00.0000000Z",
      "impactedServices":"[{\"ImpactedRegions\":[{\"RegionName\":\"North\"}],\"ServiceName\":\"Heron Queues\"}]"})";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(azure_format)

BOOST_AUTO_TEST_CASE(a_service_health_event_is_an_incident_by_its_tracking_id) {
  const StatusUpdate open = read_one(activity_log(properties("Active")));
  BOOST_TEST((open.kind == Kind::incident));
  BOOST_TEST(open.incident_id == "HQ1X-9Z0");
  BOOST_TEST(!is_over(open.state));
  BOOST_TEST(open.message == "Messages wait & wait.");
  BOOST_TEST(system::to_rfc3339(open.happened_at) == "2026-03-04T05:06:07.123456Z");
  BOOST_REQUIRE(open.components.size() == 1U);
  BOOST_TEST(open.components[0].name == "Heron Queues (North)");
  const StatusUpdate over = read_one(activity_log(properties("Resolved")));
  BOOST_TEST(over.incident_id == open.incident_id);
  BOOST_TEST(is_over(over.state));
}

BOOST_AUTO_TEST_CASE(planned_work_is_maintenance) {
  const StatusUpdate update = read_one(activity_log(properties("Planned", "Maintenance")));
  BOOST_TEST((update.kind == Kind::maintenance));
  BOOST_TEST((update.state == State::scheduled));
  BOOST_TEST((update.impact == Impact::maintenance));
}

BOOST_AUTO_TEST_CASE(the_common_schema_holds_the_same_event) {
  const StatusUpdate update = read_one(
      R"({"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"monitoringService":
      "ServiceHealth","monitorCondition":"Resolved"},"alertContext":{"eventSource":2,"level":3,
      "channels":1,"claims":null,"eventTimestamp":"2026-03-04T05:06:07Z","properties":)" +
      properties("Active") + "}}}");
  BOOST_TEST(update.incident_id == "HQ1X-9Z0");
  BOOST_TEST(!is_over(update.state));  // the stage counts, not the alert's condition
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone_and_odd_ones_do_no_harm) {
  const char* foreign[] = {R"({"incident":{"id":"x","name":"Late mail"}})",
                           R"({"data":{}})",
                           R"({"schemaId":7,"data":[]})",
                           "[]",
                           "null",
                           "{}"};
  for (const char* body : foreign) {
    BOOST_TEST(!read_as("azure", body).recognised, body);
  }
  for (const char* odd : {"null", "[]", "7", "{}", R"({"impactedServices":"{"})",
                          R"({"title":null,"trackingId":{},"stage":[]})"}) {
    read_as("azure", activity_log(odd));
  }
}

BOOST_AUTO_TEST_CASE(the_same_delivery_ten_times_is_one_update) {
  const std::string key = read_one(activity_log(properties("Active"))).key();
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(read_one(activity_log(properties("Active"))).key() == key);
  }
}

BOOST_AUTO_TEST_SUITE_END()
