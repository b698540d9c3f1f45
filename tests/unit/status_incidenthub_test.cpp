#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, std::int64_t arrival = 0) {
  return tests::read_at(format, body, std::chrono::microseconds(arrival));
}

StatusUpdate read_one(const std::string& body, std::int64_t arrival = 0) {
  return tests::only_update("auto", body, std::chrono::microseconds(arrival));
}

// `more`: members of `data` after the service, each begun by a comma.
std::string event(const std::string& type, const std::string& more,
                  const std::string& time = R"("2026-02-01T22:38:01.725-07:00")",
                  const std::string& kind = "incident") {
  return R"({"type":")" + type + R"(","event":")" + kind + R"(","timestamp":)" + time +
         R"(,"data":{"service":"Heron Queues","statusPage":"https://status.heron.example/")" +
         more + "}}";
}

const std::string kLate =
    R"(,"eventURL":"https://status.heron.example/i/9","title":"Late","content":"Brokers are slow.")";

}  // namespace

BOOST_AUTO_TEST_SUITE(incidenthub_format)

BOOST_AUTO_TEST_CASE(an_incident_begins_when_it_is_triggered) {
  const StatusUpdate update = read_one(event("triggered", kLate));
  BOOST_TEST(update.name == "Late");
  BOOST_TEST(update.url == "https://status.heron.example/i/9");
  BOOST_TEST(system::to_rfc3339(update.happened_at) == "2026-02-02T05:38:01.725000Z");
  BOOST_REQUIRE(update.created_at.has_value());
  BOOST_TEST(system::to_rfc3339(*update.created_at) == "2026-02-02T05:38:01.725000Z");
  BOOST_TEST(!read_one(event("updated", kLate)).created_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_maintenance_that_is_announced_has_not_begun) {
  const StatusUpdate update =
      read_one(event("triggered", kLate, R"("2026-02-01T22:38:01Z")", "maintenance"));
  BOOST_TEST(!update.created_at.has_value());
  BOOST_TEST(!update.scheduled_for.has_value());
}

BOOST_AUTO_TEST_CASE(updates_of_one_incident_have_one_id_and_each_its_key) {
  const StatusUpdate triggered = read_one(event("triggered", kLate));
  const StatusUpdate updated = read_one(event("updated", kLate));
  const StatusUpdate resolved = read_one(event("resolved", kLate));
  const StatusUpdate postmortem = read_one(event("resolved", kLate, R"("2026-02-03T00:00:00Z")"));
  BOOST_TEST(triggered.incident_id == updated.incident_id);
  BOOST_TEST(triggered.incident_id == resolved.incident_id);
  BOOST_TEST(triggered.key() != updated.key());
  BOOST_TEST(resolved.incident_id == postmortem.incident_id);
  BOOST_TEST(resolved.key() != postmortem.key());
}

BOOST_AUTO_TEST_CASE(a_repeated_delivery_has_the_same_key) {
  BOOST_TEST(read_one(event("updated", kLate)).key() ==
             read_one(event("updated", kLate), 3'000'000'000).key());
}

BOOST_AUTO_TEST_CASE(without_a_time_a_later_update_is_told_all_the_same) {
  const StatusUpdate first = read_one(event("updated", kLate, "null"));
  BOOST_TEST(!first.happened_at_known);
  BOOST_TEST(first.key() != read_one(event("updated", kLate, "null"), 1'000'000).key());
}

BOOST_AUTO_TEST_CASE(incidents_of_a_page_without_pages_for_them_are_told_apart_by_their_titles) {
  const std::string front = R"(,"eventURL":"https://status.heron.example","title":")";
  const StatusUpdate one = read_one(event("triggered", front + R"(One")"));
  const StatusUpdate other = read_one(event("triggered", front + R"(Other")"));
  BOOST_TEST(one.incident_id != other.incident_id);
  BOOST_TEST(one.incident_id == read_one(event("resolved", front + R"(One")")).incident_id);
}

BOOST_AUTO_TEST_CASE(without_an_event_url_the_status_page_is_the_link) {
  const StatusUpdate update =
      read_one(event("updated", R"(,"eventURL":"javascript:0","title":"Late")"));
  BOOST_TEST(update.url == "https://status.heron.example/");
}

BOOST_AUTO_TEST_CASE(an_unheard_of_type_is_an_open_incident) {
  const StatusUpdate update = read_one(event("escalated", kLate));
  BOOST_TEST((update.kind == Kind::incident));
  BOOST_TEST((update.state == State::investigating));
}

BOOST_AUTO_TEST_CASE(components_may_be_anything) {
  const StatusUpdate update = read_one(event(
      "updated", kLate + R"(,"affectedComponents":["API",null,"",7,{"id":4,"name":"Web"},[]])"));
  BOOST_REQUIRE(update.components.size() == 2U);
  BOOST_TEST(update.components[1].id == "4");
  BOOST_TEST(update.components[1].name == "Web");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* foreign :
       {R"({"event":"incident.updated","data":{"object":{"type":"incident","id":123}}})",
        R"({"version":"1","type":"status_report","data":{"page":{"id":1,"name":"x"}}})",
        R"({"event":"incident_updated","body":{"id":3,"name":"x"}})",
        R"({"type":"updated","event":"incident","data":{"service":"only this"}})",
        R"({"type":"updated","event":"incident","data":[]})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("incidenthub", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
