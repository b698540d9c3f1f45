#include <string>

#include "lib/status/format.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body) {
  return tests::read_at(format, body);
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("betterstack", body); }

StatusUpdate read_data(const std::string& name) {
  return read_one(tests::read_file(tests::source_root() / "tests/data/betterstack" / name));
}

// `what`: "incident" or "maintenance"; `page`: its indicator.
State state_of(const std::string& what, const std::string& page, const std::string& members) {
  return read_one(R"({"event_type":")" + what + R"(","page":{"status_indicator":")" + page +
                  R"("},")" + what + R"(":{"id":"7","name":"Zones")" + members + "}}")
      .state;
}

// A maintenance from two to four o'clock as told at `time`.
State maintenance_at(const std::string& time, const std::string& page) {
  return state_of("maintenance", page,
                  R"(,"starts_at":"2026-03-14T02:00:00Z","ends_at":"2026-03-14T04:00:00Z",
                  "updated_at":"2026-03-14T)" +
                      time + "Z\"");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(betterstack_format)

BOOST_AUTO_TEST_CASE(an_incident_has_its_link_its_beginning_and_what_was_said_before) {
  const StatusUpdate update = read_data("incident-resolved.json");
  BOOST_TEST(update.url == "https://status.osprey-dns.example/incidents/70301");
  BOOST_TEST(update.update_id == "81003");
  BOOST_TEST(system::to_rfc3339_seconds(update.created_at.value()) == "2026-03-02T07:30:00Z");
  BOOST_TEST(!update.resolved_at.has_value());  // the sender doesn't say
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST(update.history[0].id == "81002");
  BOOST_TEST(!update.history[0].state.has_value());
  BOOST_TEST(update.history[1].id == "81001");
}

BOOST_AUTO_TEST_CASE(a_page_that_is_anything_but_operational_keeps_an_incident_open) {
  for (const char* page : {"downtime", "degraded", "maintenance", "", "on_fire"}) {
    BOOST_TEST((state_of("incident", page, "") == State::investigating), page);
  }
  BOOST_TEST((state_of("incident", "operational", "") == State::resolved));
}

BOOST_AUTO_TEST_CASE(a_status_that_is_told_counts_more_than_the_page) {
  const std::string told = R"(,"status":"monitoring")";
  BOOST_TEST((state_of("incident", "operational", told) == State::monitoring));
  const std::string in_update = R"(,"incident_updates":[{"status":"resolved"}])";
  BOOST_TEST((state_of("incident", "downtime", in_update) == State::resolved));
  BOOST_TEST(
      (state_of("maintenance", "maintenance", R"(,"status":"completed")") == State::completed));
}

BOOST_AUTO_TEST_CASE(a_maintenance_goes_by_its_window_as_its_update_saw_it) {
  BOOST_TEST((maintenance_at("01:59:00", "operational") == State::scheduled));
  BOOST_TEST((maintenance_at("01:59:00", "maintenance") == State::scheduled));
  BOOST_TEST((maintenance_at("02:00:00", "operational") == State::in_progress));
  BOOST_TEST((maintenance_at("03:00:00", "maintenance") == State::in_progress));
  BOOST_TEST((maintenance_at("03:00:00", "downtime") == State::in_progress));
  BOOST_TEST((maintenance_at("03:00:00", "operational") == State::completed));
  BOOST_TEST((maintenance_at("04:00:00", "maintenance") == State::completed));
  BOOST_TEST((state_of("maintenance", "maintenance", "") == State::in_progress));
  BOOST_TEST((state_of("maintenance", "operational", "") == State::scheduled));
  const StatusUpdate update = read_data("maintenance-scheduled.json");
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_for.value()) == "2026-03-14T02:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.scheduled_until.value()) == "2026-03-14T04:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_change_without_a_text_of_its_own_is_no_repetition_of_the_update_before) {
  const StatusUpdate scheduled = read_data("maintenance-scheduled.json");
  const StatusUpdate begun = read_data("maintenance-begun-without-a-word.json");
  BOOST_TEST(scheduled.update_id == "83001");
  BOOST_TEST(begun.update_id == "83001:in_progress");
  BOOST_TEST(begun.key() != scheduled.key());
  BOOST_TEST(read_data("incident-resolved-without-a-word.json").update_id == "81002:resolved");
}

BOOST_AUTO_TEST_CASE(components_have_the_words_of_pages) {
  const auto state = [](const std::string& word) {
    return read_one(R"({"event_type":"component_update","component_update":{"new_status":")" +
                    word + R"("},"component":{"id":1,"name":"Zones"}})")
        .state;
  };
  BOOST_TEST((state("operational") == State::operational));
  BOOST_TEST((state("degraded") == State::degraded_performance));
  BOOST_TEST((state("downtime") == State::major_outage));
  BOOST_TEST((state("maintenance") == State::under_maintenance));
  BOOST_TEST((state("not_monitored") == State::degraded_performance));
  BOOST_TEST(read_data("component-down.json").update_id == "90001");
}

BOOST_AUTO_TEST_CASE(the_type_of_the_event_and_its_object_are_its_signs) {
  for (const char* foreign :
       {R"({"incident":{"id":"7","name":"Zones"}})",
        R"({"event_type":"incident","incident":{"id":"7"}})",
        R"({"event_type":"incident","maintenance":{"id":"7","name":"Zones"}})",
        R"({"event_type":"public_incident.incident_created_v2",
            "public_incident.incident_created_v2":{"id":"7","name":"Zones"}})",
        R"({"event_type":"component_update"})", R"({"event_type":["incident"],"incident":{}})",
        "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("betterstack", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
