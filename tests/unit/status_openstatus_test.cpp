#include <string>

#include "lib/status/format.h"
#include "lib/status/providers.h"
#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

// 2026-09-21T14:13:20Z and `later` seconds.
Reading read_body(const std::string& body, int later = 0) {
  return tests::read_at("auto", body, std::chrono::seconds(later));
}

StatusUpdate read_one(const std::string& body, int later = 0) {
  return tests::only_update("auto", body, std::chrono::seconds(later));
}

std::string report(const std::string& update, const std::string& more = "") {
  return R"({"version":"1","type":"status_report","data":{"status_report":{"id":12,
      "title":"Late mail","update":)" +
         update + R"(,"page":{"id":42,"name":"Kestrel Mail","slug":"kestrel",
      "url":"https://status.kestrel-mail.example"})" +
         more + "}}}";
}

std::string maintenance(const std::string& message) {
  return R"({"version":"1","type":"maintenance","data":{"maintenance":{"id":17,"title":"New disks",
      "message":")" +
         message + R"(","starts_at":"2026-09-22T01:00:00Z","ends_at":"2026-09-22T03:00:00Z"}}})";
}

Clues clues_of(const std::string& body) {
  ClueCollector collector(find_format("openstatus"));
  BOOST_REQUIRE(!json::scan(body, &collector));
  return collector.take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openstatus_format)

BOOST_AUTO_TEST_CASE(a_report_links_to_itself_or_else_to_the_page) {
  BOOST_TEST(read_one(report("{}")).url == "https://status.kestrel-mail.example");
  const std::string own = "https://status.kestrel-mail.example/events/report/12";
  BOOST_TEST(read_one(report("{}", R"(,"url":")" + own + '"')).url == own);
}

BOOST_AUTO_TEST_CASE(an_updates_id_tells_it_from_the_next) {
  const StatusUpdate update = read_one(report(R"({"id":43,"status":"identified"})"));
  BOOST_TEST(update.update_id == "43");
  BOOST_TEST(update.incident_id == "12");
  BOOST_TEST(update.key() == read_one(report(R"({"id":43,"status":"identified"})"), 60).key());
  BOOST_TEST(update.key() != read_one(report(R"({"id":44,"status":"identified"})")).key());
}

BOOST_AUTO_TEST_CASE(the_time_has_two_names_and_a_range_is_none) {
  for (const char* key : {"created_at", "occurred_at"}) {
    const StatusUpdate update =
        read_one(report(R"({")" + std::string(key) + R"(":"2026-03-11T09:46:58Z"})"));
    BOOST_TEST(system::to_rfc3339_seconds(update.happened_at) == "2026-03-11T09:46:58Z");
  }
  BOOST_TEST(!read_one(report(R"({"created_at":"Mar 11 - Mar 12"})")).happened_at_known);
}

BOOST_AUTO_TEST_CASE(a_status_that_nobody_knows_keeps_the_incident_open) {
  for (const char* word : {"\"wobbly\"", "\"major_outage\"", "null", "7"}) {
    const StatusUpdate update = read_one(report(R"({"status":)" + std::string(word) + "}"));
    BOOST_TEST((update.state == State::investigating), word);
  }
}

BOOST_AUTO_TEST_CASE(a_maintenance_is_known_by_what_it_says) {
  const StatusUpdate update = read_one(maintenance("Relays restart."));
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_for.value()) == "2026-09-22T01:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_until.value()) == "2026-09-22T03:00:00Z");
  BOOST_TEST(update.key() == read_one(maintenance("Relays restart."), 60).key());
  BOOST_TEST(update.key() != read_one(maintenance("Relays and webmail restart.")).key());
  const StatusUpdate later = read_one(maintenance("Relays restart."), 50'000);
  BOOST_TEST((later.state == State::completed));
  BOOST_TEST(system::to_rfc3339_seconds(later.resolved_at.value()) == "2026-09-22T03:00:00Z");
}

BOOST_AUTO_TEST_CASE(the_page_in_a_body_says_who_it_is) {
  const Clues clues = clues_of(report("{}"));
  BOOST_TEST(clues.name == "Kestrel Mail");
  BOOST_REQUIRE(clues.hosts.size() == 1U);
  BOOST_TEST(clues.hosts[0] == "status.kestrel-mail.example");
  BOOST_TEST(clues_of(R"({"monitor":{"name":"Login"}})").product == "OpenStatus");
}

BOOST_AUTO_TEST_CASE(a_degraded_monitor_is_no_outage) {
  const StatusUpdate update =
      read_one(R"({"monitor":{"id":5},"cronTimestamp":1773221400000,"status":"degraded"})");
  BOOST_TEST((update.state == State::degraded_performance));
  BOOST_TEST(update.name == "monitor 5");
}

BOOST_AUTO_TEST_CASE(tests_of_others_are_left_alone) {
  for (const char* body :
       {R"({"type":"test","message":"Hello","timestamp":"2026-03-11T09:46:58Z"})",
        R"({"type":"verification","token":"x"})", R"({"type":"maintenance","data":{"id":1}})",
        R"({"type":"page_update","page":{"id":1}})",
        R"({"monitor":{"id":1},"heartbeat":{},"msg":"x","status":"down"})"}) {
    BOOST_TEST(!read_updates("openstatus", body, {}).recognised, body);
  }
  BOOST_TEST(
      read_body(R"({"type":"test","message":"Your openstatus webhook is configured"})").recognised);
}

BOOST_AUTO_TEST_SUITE_END()
