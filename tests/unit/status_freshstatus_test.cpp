#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

StatusUpdate read_one(const std::string& event_data, const std::string& around = "",
                      int later = 0) {
  return tests::only_update(
      "auto", "{" + around + R"("event_data":{"affected_services":["Queues"])" + event_data + "}}",
      std::chrono::seconds(later));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(freshstatus_format)

BOOST_AUTO_TEST_CASE(an_incident_without_an_end_is_open_and_one_with_an_end_is_over) {
  const StatusUpdate open = read_one(R"(,"start_time":"2026-03-11T08:55:00Z","end_time":null)");
  BOOST_TEST((open.state == State::investigating));
  BOOST_TEST(system::to_rfc3339_seconds(open.created_at.value()) == "2026-03-11T08:55:00Z");
  const StatusUpdate over =
      read_one(R"(,"start_time":"2026-03-11T08:55:00Z","end_time":"2026-03-11T11:00:00Z")");
  BOOST_TEST((over.state == State::resolved));
  BOOST_TEST(system::to_rfc3339_seconds(over.resolved_at.value()) == "2026-03-11T11:00:00Z");
  BOOST_TEST(over.incident_id == open.incident_id);
  BOOST_TEST(over.key() != open.key());
}

BOOST_AUTO_TEST_CASE(a_word_for_the_state_is_found_wherever_it_stands) {
  BOOST_TEST((read_one(R"(,"status":"Monitoring")").state == State::monitoring));
  BOOST_TEST((read_one("", R"("event_type":"incident.resolved",)").state == State::resolved));
  const StatusUpdate started = read_one("", R"("event":"maintenance_started",)");
  BOOST_TEST((started.kind == Kind::maintenance));
  BOOST_TEST((started.state == State::in_progress));
  BOOST_TEST((read_one(R"(,"status":"wobbly")").state == State::investigating));
}

BOOST_AUTO_TEST_CASE(the_latest_update_is_the_message_and_its_id_the_key) {
  const StatusUpdate update =
      read_one(R"(,"incident_updates":[{"id":2,"message":"Half is back.","created_at":
      "2026-03-11T09:46:58Z"},{"id":1,"message":"Looking.","created_at":"2026-03-11T09:00:00Z"}])");
  BOOST_TEST(update.message == "Half is back.");
  BOOST_TEST(update.update_id == "2");
  BOOST_TEST(system::to_rfc3339_seconds(update.happened_at) == "2026-03-11T09:46:58Z");
}

BOOST_AUTO_TEST_CASE(without_a_time_an_update_is_known_by_what_it_says) {
  const StatusUpdate first = read_one(R"(,"id":5,"description":"Queues stand still.")");
  BOOST_TEST(!first.happened_at_known);
  BOOST_TEST(first.key() ==
             read_one(R"(,"id":5,"description":"Queues stand still.")", "", 60).key());
  BOOST_TEST(first.key() != read_one(R"(,"id":5,"description":"Queues move again.")").key());
}

BOOST_AUTO_TEST_CASE(a_planned_incident_has_a_window) {
  const StatusUpdate update =
      read_one(R"(,"is_planned":true,"scheduled_start_time":"2026-06-04T22:00:00Z",
      "scheduled_end_time":"2026-06-05T00:00:00Z","updated_at":"2026-06-01T08:00:00Z")");
  BOOST_TEST((update.state == State::scheduled));
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_for.value()) == "2026-06-04T22:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_until.value()) == "2026-06-05T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_body_without_affected_services_is_someone_elses) {
  for (const char* body : {R"({"event_data":{"title":"x"}})", R"({"event_data":[]})",
                           R"({"affected_services":[]})", "{}", "null"}) {
    BOOST_TEST(!read_updates("freshstatus", body, {}).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
