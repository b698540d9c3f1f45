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

// `more`: members after the fixed ones, each begun by a comma.
std::string change(const std::string& more, const std::string& monitor = "monA",
                   const std::string& time = R"("2026-03-04T05:06:07Z")") {
  return R"({"type":"StatusChange","recorded_at":)" + time +
         R"(,"service":{"id":"svcK","name":"Kestrel Mail","slug":"kestrel-mail",
      "status_page_url":"https://status.kestrelmail.example"},"monitor":{"id":")" +
         monitor + R"(","type":"ServiceMonitor","display_name":"Mail for our shops"})" + more + "}";
}

const std::string kDown = R"(,"status":"down","previous_status":"up","message":"Mail is late")";

}  // namespace

BOOST_AUTO_TEST_SUITE(statusgator_format)

BOOST_AUTO_TEST_CASE(a_change_has_the_users_name_and_the_pages_url) {
  const StatusUpdate update = read_one(change(kDown));
  BOOST_TEST(update.name == "Mail for our shops");
  BOOST_TEST(update.url == "https://status.kestrelmail.example");
  BOOST_TEST(!update.created_at.has_value());
  BOOST_TEST(!update.resolved_at.has_value());
}

BOOST_AUTO_TEST_CASE(without_a_status_page_the_url_is_statusgators_own_page) {
  const StatusUpdate update = read_one(
      R"({"type":"StatusChange","recorded_at":"2026-03-04T05:06:07Z","status":"down","service":
      {"id":"s","name":"S","status_page_url":null,"landing_page_url":"https://gator.example/s"}})");
  BOOST_TEST(update.url == "https://gator.example/s");
}

BOOST_AUTO_TEST_CASE(a_vote_url_is_given_to_nobody) {
  const StatusUpdate update = read_one(
      R"({"type":"EarlyWarningSignal","recorded_at":"2026-03-04T05:06:07Z","monitor":{"id":"m"},
      "summary":"Late","yes_vote_url":"https://gator.example/yes"})");
  BOOST_TEST(update.url.empty());
  BOOST_TEST(to_json(update).find("gator.example") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_repeated_delivery_has_the_same_key_and_every_other_update_another) {
  const std::string key = read_one(change(kDown)).key();
  BOOST_TEST(read_one(change(kDown), 2'000'000'000'000).key() == key);
  BOOST_TEST(read_one(change(kDown, "monB")).key() != key);
  BOOST_TEST(read_one(change(kDown, "monA", R"("2026-03-04T05:06:08Z")")).key() != key);
  BOOST_TEST(read_one(change(R"(,"status":"warn","message":"Mail is late")")).key() != key);
  BOOST_TEST(read_one(change(kDown + R"(,"details":"Found")")).key() != key);
}

BOOST_AUTO_TEST_CASE(all_updates_of_a_service_have_one_id) {
  const StatusUpdate down = read_one(change(kDown));
  const StatusUpdate up = read_one(change(R"(,"status":"up")", "monA", "1772600000"));
  BOOST_TEST(down.incident_id == up.incident_id);
}

BOOST_AUTO_TEST_CASE(without_a_time_a_later_change_is_told_all_the_same) {
  const StatusUpdate first = read_one(change(kDown, "monA", "null"));
  const StatusUpdate later = read_one(change(kDown, "monA", R"("soon")"), 1'000'000);
  BOOST_TEST(!first.happened_at_known);
  BOOST_TEST(first.update_id.empty());
  BOOST_TEST(first.key() != later.key());
}

BOOST_AUTO_TEST_CASE(the_status_counts_and_not_what_the_components_changed_to) {
  const StatusUpdate update =
      read_one(change(R"(,"status":"up","previous_status":"down","component_status_changes":
      [{"group_name":"APIs","name":"Chat","last_status":"up","current_status":"down"}])"));
  BOOST_TEST((update.state == State::operational));
  BOOST_TEST((update.impact == Impact::none));
  BOOST_TEST(update.message == "Operational (was major outage)");
}

BOOST_AUTO_TEST_CASE(a_body_with_nothing_but_its_shape_is_shown) {
  const StatusUpdate update = read_one(R"({"type":"X","monitor":{},"board":{}})");
  BOOST_TEST((update.state == State::degraded_performance));
  BOOST_TEST(!update.incident_id.empty());
  BOOST_TEST(update.message == "Incident (degraded performance)");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* foreign :
       {R"({"heartbeat":{"status":0},"monitor":{"id":1,"name":"API"},"msg":"down"})",
        R"({"monitor":{"id":1,"name":"x"},"cronTimestamp":1744023705307,"status":"recovered"})",
        R"({"id":"1","current_status":"Degraded Performance","status_page_url":"https://s.example",
            "previous_status":""})",
        R"({"service_name":"x","version":1})", R"({"type":"StatusChange"})", "[]", "null", "{}"}) {
    BOOST_TEST(!read_as("statusgator", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
