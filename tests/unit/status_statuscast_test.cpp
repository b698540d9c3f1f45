#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, std::int64_t arrival = 0) {
  return tests::read_at(format, body, std::chrono::microseconds(arrival));
}

StatusUpdate read_one(const std::string& body) { return tests::only_update("statuscast", body); }

std::string post(const std::string& id, const std::string& date, const std::string& type) {
  return R"({"Id":)" + id + R"(,"Text":"<p>Post )" + id + R"(</p>","Date":")" + date +
         R"(","IsPublished":true,"PostType":")" + type + "\"}";
}

std::string incident(const std::string& status, const std::string& posts,
                     const std::string& more = "") {
  return R"({"Id":417150,"DateCreated":"2026-03-21T20:34:11.18","IncidentType":"ServiceUnavailable",
      "Title":"Queues stand still","StartDate":"2026-03-21T20:33:47","AffectedComponents":[],"Status":")" +
         status + R"(","Posts":[)" + posts + "]" + more + "}";
}

const std::string kFirst = post("10", "2026-03-21T20:33:47", "Investigating");

using tests::time_text;

}  // namespace

BOOST_AUTO_TEST_SUITE(statuscast_format)

BOOST_AUTO_TEST_CASE(the_first_post_was_written_when_the_incident_was_and_tells_when_it_began) {
  const StatusUpdate update =
      read_one(incident("InProgress", kFirst, R"(,"ShortUrl":"https://hrn.example/s/1")"));
  BOOST_TEST(system::to_rfc3339_seconds(update.happened_at) == "2026-03-21T20:34:11Z");
  BOOST_TEST(time_text(update.created_at) == "2026-03-21T20:33:47Z");
  BOOST_TEST(time_text(update.resolved_at) == "none");
  BOOST_TEST(update.url == "https://hrn.example/s/1");
}

BOOST_AUTO_TEST_CASE(earlier_posts_are_its_history_newest_first) {
  const StatusUpdate update = read_one(
      incident("InProgress", post("11", "2026-03-21T21:00:00", "Identified") + "," +
                                 post("12", "2026-03-21T21:30:00", "Monitoring") + "," + kFirst));
  BOOST_TEST(update.message == "Post 12");
  BOOST_REQUIRE(update.history.size() == 2U);
  BOOST_TEST(update.history[0].id == "11");
  BOOST_TEST((update.history[0].state == State::identified));
  BOOST_TEST(update.history[1].message == "Post 10");
}

BOOST_AUTO_TEST_CASE(of_posts_of_one_time_the_one_with_the_higher_id_is_later) {
  const StatusUpdate update =
      read_one(incident("InProgress", post("21", "2026-03-21T21:00:00", "Identified") + "," +
                                          post("22", "2026-03-21T21:00:00", "Monitoring")));
  BOOST_TEST(update.message == "Post 22");
  BOOST_TEST((update.state == State::monitoring));
}

BOOST_AUTO_TEST_CASE(closing_it_without_a_post_is_an_update_of_its_own) {
  const StatusUpdate open = read_one(incident("InProgress", kFirst));
  const StatusUpdate closed =
      read_one(incident("Closed", kFirst, R"(,"EndDate":"2026-03-21T22:09:00")"));
  BOOST_TEST(open.incident_id == closed.incident_id);
  BOOST_TEST(open.key() != closed.key());
  BOOST_TEST((closed.happened_at > open.happened_at));
  BOOST_TEST(time_text(closed.resolved_at) == "2026-03-21T22:09:00Z");
}

BOOST_AUTO_TEST_CASE(a_maintenance_has_a_window_and_is_found_in_it_where_no_status_says_so) {
  const std::string window =
      R"({"IncidentType":"ScheduledMaintenance","StartDate":"2026-04-05T22:00:00",
      "EndDate":"2026-04-06T01:00:00","DateCreated":"2026-04-02T10:00:00","Posts":[)";
  const StatusUpdate ahead = read_one(window + "]}");
  BOOST_TEST((ahead.kind == Kind::maintenance));
  BOOST_TEST((ahead.state == State::scheduled));
  BOOST_TEST(time_text(ahead.scheduled_for) == "2026-04-05T22:00:00Z");
  BOOST_TEST(time_text(ahead.scheduled_until) == "2026-04-06T01:00:00Z");
  const StatusUpdate begun =
      read_one(window + post("1", "2026-04-05T22:10:00", "Identified") + "]}");
  BOOST_TEST((begun.state == State::in_progress));
  BOOST_TEST(begun.incident_id == ahead.incident_id);
  const StatusUpdate watched =
      read_one(window + post("2", "2026-04-06T00:10:00", "Monitoring") + "]}");
  BOOST_TEST((watched.state == State::verifying));
  BOOST_TEST((read_one(window + post("3", "2026-04-06T00:20:00", "Closed") + "]}").state ==
              State::completed));
}

BOOST_AUTO_TEST_CASE(the_same_delivery_has_one_key_and_the_next_post_another) {
  const std::string body = incident("InProgress", kFirst);
  BOOST_TEST(read_as("auto", body).updates.at(0).key() ==
             read_as("auto", body, 60'000'000).updates.at(0).key());
  const std::string next =
      incident("InProgress", kFirst + "," + post("11", "2026-03-21T21:00:00", "Informational"));
  BOOST_TEST(read_one(next).key() != read_one(body).key());
}

BOOST_AUTO_TEST_CASE(without_any_time_it_happened_when_it_arrived) {
  const StatusUpdate update = read_one(R"({"IncidentType":"ServiceUnavailable","Posts":[]})");
  BOOST_TEST(!update.happened_at_known);
  BOOST_TEST(update.message == "Incident (investigating)");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* body :
       {R"({"Id":1,"Title":"Late","Status":"Closed","StartDate":"2026-01-01T00:00:00"})",
        R"({"Type":"Notification","MessageId":"1","Message":"{}"})",
        R"({"posts":[],"affectedComponents":[]})", R"({"Posts":[]})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("statuscast", body).recognised, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
