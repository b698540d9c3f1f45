#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_body(const std::string& body, int later = 0) {
  return tests::read_at("cachet", body, std::chrono::seconds(later));
}

StatusUpdate read_one(const std::string& body, int later = 0) {
  return tests::only_update("cachet", body, std::chrono::seconds(later));
}

std::string event(const std::string& name, const std::string& record) {
  return R"({"event":")" + name + R"(","body":)" + record + "}";
}

std::string envelope(const std::string& id, const std::string& attributes) {
  return R"({"id":")" + id +
         R"(","event":"incident_updated","created_at":"2026-08-02T07:00:03Z",
      "data":{"resource":"incident","id":12,"attributes":)" +
         attributes + "}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cachet_format)

BOOST_AUTO_TEST_CASE(an_incident_began_when_it_occurred_or_else_was_written) {
  const StatusUpdate occurred = read_one(event(
      "incident_created",
      R"({"id":3,"occurred_at":"2026-03-11T08:55:00Z","created_at":"2026-03-11T09:01:30Z"})"));
  BOOST_TEST(system::to_rfc3339_seconds(occurred.created_at.value()) == "2026-03-11T08:55:00Z");
  const StatusUpdate written =
      read_one(event("incident_created", R"({"id":3,"created_at":"2026-03-11T09:01:30Z"})"));
  BOOST_TEST(system::to_rfc3339_seconds(written.created_at.value()) == "2026-03-11T09:01:30Z");
  BOOST_TEST(system::to_rfc3339_seconds(written.happened_at) == "2026-03-11T09:01:30Z");
}

BOOST_AUTO_TEST_CASE(each_number_is_a_state_and_an_unknown_one_stays_open) {
  const std::pair<const char*, State> states[] = {
      {"0", State::investigating},    {"1", State::investigating}, {"2", State::identified},
      {"3", State::monitoring},       {"4", State::resolved},      {"9", State::investigating},
      {"null", State::investigating}, {"\"4\"", State::resolved},  {"[]", State::investigating},
      {"\"fixed\"", State::resolved},
  };
  for (const auto& [number, state] : states) {
    const StatusUpdate update =
        read_one(event("incident_updated", R"({"id":3,"status":)" + std::string(number) + "}"));
    BOOST_TEST((update.state == state), number);
  }
}

BOOST_AUTO_TEST_CASE(an_envelopes_id_is_that_of_the_delivery) {
  const StatusUpdate first = read_one(envelope("u-1", R"({"name":"Late mail","status":1})"));
  BOOST_TEST(first.update_id == "u-1");
  BOOST_TEST(first.incident_id == "12");
  BOOST_TEST(system::to_rfc3339_seconds(first.happened_at) == "2026-08-02T07:00:03Z");
  BOOST_TEST(first.key() == read_one(envelope("u-1", R"({"name":"Late mail"})"), 60).key());
  BOOST_TEST(first.key() != read_one(envelope("u-2", R"({"name":"Late mail"})")).key());
}

BOOST_AUTO_TEST_CASE(a_component_that_fails_a_second_time_is_told_again) {
  const std::string failed =
      event("component_status_changed", R"({"component_id":3,"old_status":1,"new_status":4})");
  BOOST_TEST(read_one(failed).key() != read_one(failed, 600).key());
  BOOST_TEST(read_one(failed).incident_id == "3");
}

BOOST_AUTO_TEST_CASE(an_incident_and_its_change_of_components_share_their_ids) {
  const StatusUpdate update =
      read_one(event("incident_created", R"({"id":3,"component_id":8,"status":1})"));
  BOOST_REQUIRE(update.components.size() == 1U);
  BOOST_TEST(update.components[0].id == "8");
  BOOST_TEST(!update.components[0].state.has_value());
}

BOOST_AUTO_TEST_CASE(a_schedule_has_a_window) {
  const StatusUpdate update = read_one(
      event("schedule_updated", R"({"id":2,"name":"Move","scheduled_at":"2026-06-04T22:00:00Z",
      "completed_at":"2026-06-04T23:30:00Z","updated_at":"2026-06-04T22:30:00Z"})"));
  BOOST_TEST((update.state == State::in_progress));
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_for.value()) == "2026-06-04T22:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_until.value()) == "2026-06-04T23:30:00Z");
  BOOST_TEST(!update.resolved_at.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_disturbance_is_known_and_says_nothing) {
  for (const char* name :
       {"subscriber_created", "subsciber_created", "subscriber_unsubscribed", "subscribed_verified",
        "subscriber_verified", "metric_created", "metric_point_deleted", "beacon_sent"}) {
    const Reading reading = read_body(event(name, R"({"id":1})"));
    BOOST_TEST(reading.recognised, name);
    BOOST_TEST(reading.updates.empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(other_events_are_left_alone) {
  for (const std::string& body :
       {event("order_created", R"({"id":1})"), event("incident_created", "[]"),
        event("incident.created", R"({"id":1})"), std::string(R"({"event":"incident_created"})"),
        std::string(R"({"event":"incident_created","data":{"id":1}})")}) {
    BOOST_TEST(!read_updates("cachet", body, {}).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
