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

StatusUpdate read_one(const std::string& body) { return tests::only_update("instatus", body); }

StatusUpdate read_data(const std::string& name) {
  return read_one(tests::read_file(tests::source_root() / "tests/data/instatus" / name));
}

// `what`: "incident" or "maintenance".
std::string body(const std::string& what, const std::string& members) {
  return R"({"page":{"status_indicator":"HASISSUES"},")" + what + R"(":{"id":"i1",)" + members +
         "}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instatus_format)

BOOST_AUTO_TEST_CASE(an_incident_has_its_link_its_times_and_what_was_said_before) {
  const StatusUpdate update = read_data("incident-resolved.json");
  BOOST_TEST(update.url == "https://status.heron-queues.example/incident/clheroninc01");
  BOOST_TEST(update.update_id == "clheronupd03");
  BOOST_TEST(system::to_rfc3339_seconds(update.created_at.value()) == "2026-04-07T10:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(update.resolved_at.value()) == "2026-04-07T11:05:00Z");
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST(update.history[0].id == "clheronupd02");
  BOOST_TEST((update.history[0].state == State::identified));
  BOOST_TEST((update.history[1].state == State::investigating));
}

BOOST_AUTO_TEST_CASE(a_maintenance_has_no_window_since_none_is_documented) {
  const StatusUpdate update = read_data("maintenance-completed.json");
  BOOST_TEST(!update.scheduled_for.has_value());
  BOOST_TEST(!update.scheduled_until.has_value());
  BOOST_TEST(update.resolved_at.has_value());
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST((update.history[0].state == State::in_progress));
  BOOST_TEST((update.history[1].state == State::scheduled));
}

BOOST_AUTO_TEST_CASE(updates_of_one_incident_and_changes_of_one_component_are_told_apart) {
  BOOST_TEST(read_data("incident-open.json").key() != read_data("incident-resolved.json").key());
  const StatusUpdate down = read_data("component.json");
  BOOST_TEST(down.update_id == "");
  BOOST_TEST(down.incident_id == read_data("component-with-old-status.json").incident_id);
  BOOST_TEST(down.key() != read_data("component-with-old-status.json").key());
}

BOOST_AUTO_TEST_CASE(an_impact_is_a_word_of_components_or_of_statuspage) {
  const auto impact = [](const char* what, const std::string& word) {
    return read_one(body(what, R"("impact":")" + word + '"')).impact;
  };
  BOOST_TEST((impact("incident", "DEGRADEDPERFORMANCE") == Impact::minor));
  BOOST_TEST((impact("incident", "PARTIALOUTAGE") == Impact::major));
  BOOST_TEST((impact("incident", "CRITICAL") == Impact::critical));
  BOOST_TEST((impact("incident", "NONE") == Impact::none));
  BOOST_TEST((impact("incident", "UNDERMAINTENANCE") == Impact::minor));
  BOOST_TEST((impact("incident", "GRAVE") == Impact::minor));
  BOOST_TEST((impact("maintenance", "PARTIALOUTAGE") == Impact::major));
  BOOST_TEST((impact("maintenance", "OPERATIONAL") == Impact::maintenance));
}

BOOST_AUTO_TEST_CASE(without_a_status_the_end_and_the_latest_update_tell_one) {
  const std::string ended = R"("resolved_at":"2026-04-07T11:05:00Z")";
  BOOST_TEST((read_one(body("incident", ended)).state == State::resolved));
  BOOST_TEST((read_one(body("maintenance", ended)).state == State::completed));
  const std::string updates = R"(":[{"status":"INPROGRESS"}])";
  BOOST_TEST((read_one(body("maintenance", "\"maintenance_updates" + updates)).state ==
              State::in_progress));
  BOOST_TEST(
      (read_one(body("incident", "\"incident_updates" + updates)).state == State::investigating));
}

BOOST_AUTO_TEST_CASE(an_incident_without_id_keeps_the_one_made_of_its_link) {
  const auto id = [](const std::string& status) {
    return read_one(R"({"page":{"url":"https://s.example"},"incident":{"name":"Late mail",
        "url":"https://s.example/incident/9","status":")" +
                    status + "\"}}")
        .incident_id;
  };
  BOOST_TEST(id("INVESTIGATING") == id("RESOLVED"));
  BOOST_TEST(id("INVESTIGATING").starts_with("made-"));
}

BOOST_AUTO_TEST_CASE(a_state_that_went_on_without_an_update_is_one_of_its_own) {
  const auto told = [](const std::string& status) {
    return read_one(body("maintenance", R"("name":"New disks","status":")" + status +
                                            R"(","maintenance_updates":[{"id":"mu1",
        "status":"NOTSTARTEDYET","body":"On Sunday.","created_at":"2026-05-01T09:00:00Z"}])"));
  };
  BOOST_TEST(told("NOTSTARTEDYET").message == "On Sunday.");
  BOOST_TEST(told("INPROGRESS").message == "New disks (in progress)");
  BOOST_TEST(told("INPROGRESS").key() != told("NOTSTARTEDYET").key());
  BOOST_TEST(told("COMPLETED").key() != told("INPROGRESS").key());
}

BOOST_AUTO_TEST_CASE(capitals_or_the_url_of_a_page_without_name_are_its_signs) {
  for (const char* own : {R"({"incident":{"id":"x","status":"MONITORING"}})",
                          R"({"page":{"url":"https://s.example"},"incident":{"id":"x"}})",
                          R"({"component":{"name":"Relays","status":"PARTIALOUTAGE"}})",
                          R"({"maintenance":{"maintenance_updates":[]}})"}) {
    BOOST_TEST(read_as("instatus", own).recognised, own);
    BOOST_TEST(!read_as("statuspage", own).recognised, own);
  }
  for (const char* foreign :
       {R"({"incident":{"id":"x","status":"monitoring"}})",
        R"({"page":{"url":"https://s.example","name":"Kestrel Mail"},"incident":{"id":"x"}})",
        R"({"event_type":"incident","page":{"url":"https://s.example"},"incident":{"id":"x"}})",
        R"({"page":{"status_indicator":"HASISSUES"}})",
        R"({"page":{"status_indicator":"UP"},"incident":[],"component":7})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("instatus", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
