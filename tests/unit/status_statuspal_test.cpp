#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

// 2026-09-21T14:13:20Z and `later` seconds.
StatusUpdate read_one(const std::string& body, int later = 0) {
  return tests::only_update("auto", body, std::chrono::seconds(later));
}

std::string incident(const std::string& times, const std::string& event = "incident.updated") {
  return R"({"event":")" + event + R"(","data":{"object":{"type":"incident","id":7,)" + times +
         R"(,"service_ids":[3],"l_title":[{"lang":"en","text":"Slow answers"}]}}})";
}

std::string service(const std::string& status) {
  return R"({"event":"service.monitored_status.updated","data":{"object":{"type":"service","id":3,
      "name":"Resolvers"},"monitored_status":)" +
         status + "}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statuspal_format)

BOOST_AUTO_TEST_CASE(times_without_a_zone_are_utc) {
  const StatusUpdate update =
      read_one(incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":"2026-09-21T14:00:00")"));
  BOOST_TEST(system::to_rfc3339_seconds(update.created_at.value()) == "2026-09-21T12:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.resolved_at.value()) == "2026-09-21T14:00:00Z");
  BOOST_TEST(!update.happened_at_known);
  BOOST_TEST(!update.scheduled_for.has_value());
}

BOOST_AUTO_TEST_CASE(an_end_a_little_in_the_future_is_a_clock_ahead_of_ours) {
  const StatusUpdate now =
      read_one(incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":"2026-09-21T14:14:00")"));
  BOOST_TEST((now.state == State::resolved));
  const StatusUpdate planned =
      read_one(incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":"2026-09-21T16:00:00")"));
  BOOST_TEST((planned.kind == Kind::maintenance));
  BOOST_TEST(system::to_rfc3339_seconds(planned.scheduled_until.value()) == "2026-09-21T16:00:00Z");
  BOOST_TEST(!planned.resolved_at.has_value());
}

BOOST_AUTO_TEST_CASE(an_incident_is_told_again_when_its_body_changed) {
  const std::string open = incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":null)");
  const std::string over =
      incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":"2026-09-21T14:00:00")");
  BOOST_TEST(read_one(open).key() == read_one(open, 300).key());
  BOOST_TEST(read_one(open).key() != read_one(over).key());
  BOOST_TEST(
      read_one(open).key() !=
      read_one(incident(R"("starts_at":"2026-09-21T12:00:00","ends_at":null)", "incident.created"))
          .key());
}

BOOST_AUTO_TEST_CASE(a_service_that_goes_down_a_second_time_is_told_again) {
  BOOST_TEST(read_one(service("\"down\"")).key() != read_one(service("\"down\""), 600).key());
  BOOST_TEST(read_one(service("\"down\"")).key() == read_one(service("\"down\"")).key());
}

BOOST_AUTO_TEST_CASE(a_status_that_nobody_knows_is_shown_in_the_senders_word) {
  const StatusUpdate update = read_one(service("\"wobbly\""));
  BOOST_TEST((update.state == State::degraded_performance));
  BOOST_TEST(update.message == "wobbly");
  BOOST_TEST(read_one(service("null")).message == "Resolvers (degraded performance)");
}

BOOST_AUTO_TEST_CASE(other_events_in_such_an_envelope_are_left_alone) {
  for (const char* body :
       {R"({"event":"incident.created","data":{"object":{"id":7}}})",
        R"({"event":"service.created","data":{"object":{"id":7,"type":"service"}}})",
        R"({"type":"charge.failed","data":{"object":{"id":"ch_1","type":"card"}}})",
        R"({"event":"incident.created","data":{"object":[]}})"}) {
    BOOST_TEST(!read_updates("statuspal", body, {}).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
