#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, std::int64_t arrival = 0) {
  return tests::read_at(format, body, std::chrono::microseconds(arrival));
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("statusio", body); }

std::string incident(const std::string& more) {
  return R"({"id":"event-7","message_id":"m-1","title":"Late mail","datetime":"2026-03-07T11:42:19Z",
      "datetime_start":"2026-03-07T11:40:00+00:00","datetime_resolve":"","current_status":"Degraded Performance",
      "current_state":"Identified","infrastructure_affected":[],"details":"Mail is late.",
      "status_page_url":"https://status.kestrel-mail.example/pages/66f0a1b2c3d4e5f600000001")" +
         more + "}";
}

std::string maintenance(const std::string& times) {
  return R"({"message_id":"m-9","current_status":"Planned Maintenance","details":"New disks.",
      "maintenance_url":"https://status.kestrel-mail.example/pages/maintenance/66f0a1b2c3d4e5f600000001/69ac0f1b8331a9664b110009",
      "status_page_url":"https://status.kestrel-mail.example/pages/66f0a1b2c3d4e5f600000001",)" +
         times + "}";
}

const std::string kUrl =
    "https://status.kestrel-mail.example/pages/incident/66f0a1b2c3d4e5f600000001/"
    "69ac0f1b8331a9664b110005";

using tests::time_text;

}  // namespace

BOOST_AUTO_TEST_SUITE(statusio_format)

BOOST_AUTO_TEST_CASE(an_incident_is_known_by_the_end_of_its_url) {
  const StatusUpdate update = read_one(incident(R"(,"incident_url":")" + kUrl + "\""));
  BOOST_TEST(update.incident_id == "69ac0f1b8331a9664b110005");
  BOOST_TEST(update.url == kUrl);
  BOOST_TEST(update.name == "Late mail");
  BOOST_TEST(update.update_id == "m-1");
  BOOST_TEST(time_text(update.created_at) == "2026-03-07T11:40:00Z");
  BOOST_TEST(time_text(update.resolved_at) == "none");
}

BOOST_AUTO_TEST_CASE(without_such_a_url_it_is_known_by_its_id_or_what_stays_the_same) {
  BOOST_TEST(read_one(incident("")).incident_id == "event-7");
  const std::string nameless =
      R"({"current_status":"Operational","infrastructure_affected":[],"message_id":"1","incident_url":"https://a.example/late"})";
  BOOST_TEST(read_one(nameless).incident_id.starts_with("made-"));
  BOOST_TEST(read_one(nameless).incident_id == read_one(nameless).incident_id);
}

BOOST_AUTO_TEST_CASE(the_time_of_its_end_resolves_an_incident_whatever_its_state_says) {
  std::string body = incident(R"(,"incident_url":")" + kUrl + "\"");
  const std::string open = R"("datetime_resolve":"")";
  body.replace(body.find(open), open.size(), R"("datetime_resolve":"2026-03-07T12:58:40+00:00")");
  const StatusUpdate update = read_one(body);
  BOOST_TEST((update.state == State::resolved));
  BOOST_TEST(time_text(update.resolved_at) == "2026-03-07T12:58:40Z");
}

BOOST_AUTO_TEST_CASE(a_maintenance_is_where_its_window_says_it_is) {
  const std::string window =
      R"("datetime_start":"2026-05-12T22:00:00Z","datetime_end":"2026-05-13T02:00:00Z","datetime":)";
  const StatusUpdate ahead = read_one(maintenance(window + R"("2026-05-12T21:59:59Z")"));
  BOOST_TEST((ahead.state == State::scheduled));
  BOOST_TEST(time_text(ahead.scheduled_for) == "2026-05-12T22:00:00Z");
  BOOST_TEST(time_text(ahead.scheduled_until) == "2026-05-13T02:00:00Z");
  BOOST_TEST(
      (read_one(maintenance(window + R"("2026-05-12T22:00:00Z")")).state == State::in_progress));
  const StatusUpdate over = read_one(maintenance(window + R"("2026-05-13T02:00:01Z")"));
  BOOST_TEST((over.state == State::completed));
  BOOST_TEST(time_text(over.resolved_at) == "2026-05-13T02:00:00Z");
  BOOST_TEST(over.incident_id == "69ac0f1b8331a9664b110009");
}

BOOST_AUTO_TEST_CASE(work_that_ends_early_is_over_though_its_window_is_not) {
  std::string body = maintenance(
      R"("datetime_start":"2026-05-12T22:00:00Z","datetime_end":"2026-05-13T02:00:00Z","datetime":"2026-05-13T00:10:00Z")");
  const std::string planned = "Planned Maintenance";
  body.replace(body.find(planned), planned.size(), "Operational");
  const StatusUpdate update = read_one(body);
  BOOST_TEST((update.kind == Kind::maintenance));
  BOOST_TEST((update.state == State::completed));
  BOOST_TEST(time_text(update.resolved_at) == "none");
}

BOOST_AUTO_TEST_CASE(one_message_has_one_key_and_the_next_another) {
  const std::string first = incident(R"(,"incident_url":")" + kUrl + "\"");
  std::string second = first;
  second.replace(second.find("m-1"), 3, "m-2");
  BOOST_TEST(read_as("auto", first).updates.at(0).key() ==
             read_as("auto", first, 60'000'000).updates.at(0).key());
  BOOST_TEST(read_one(first).key() != read_one(second).key());
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* body :
       {R"({"incident":{"id":"x","name":"Late mail"}})",
        R"({"message_id":"1","title":"Hello","details":"text"})",
        R"({"incident_url":"https://a.example/1","current_status":"down"})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("statusio", body).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
