#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, int days = 0) {
  return tests::read_at(format, body, 24 * std::chrono::hours(days));
}

StatusUpdate read_one(const std::string& body, int days = 0) {
  return tests::only_update("auto", body, 24 * std::chrono::hours(days));
}

std::string change(const std::string& status, const std::string& monitor,
                   const std::string& time = "2026-05-07 02:08:12.345") {
  return R"({"heartbeat":{"monitorID":4,"status":)" + status + R"(,"time":")" + time +
         R"(","msg":"timeout","timezone":"Europe/Vienna","localDateTime":"2026-05-07 04:08:12"},
      "monitor":)" +
         monitor + R"(,"msg":"[Mail relay] [x] timeout"})";
}

const std::string kMonitor = R"({"id":4,"name":"Mail relay","url":"https://relay.example/up"})";
const std::string kNotice =
    R"({"heartbeat":null,"monitor":null,"msg":"[Mail][https://m.example] Certificate will expire in 7 days"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(uptimekuma_format)

BOOST_AUTO_TEST_CASE(the_time_is_utc_whatever_the_clock_of_the_installation_says) {
  const StatusUpdate update = read_one(change("0", kMonitor));
  BOOST_TEST(system::to_rfc3339(update.happened_at) == "2026-05-07T02:08:12.345000Z");
  BOOST_TEST(!read_one(change("0", kMonitor, "")).happened_at_known);
}

BOOST_AUTO_TEST_CASE(a_monitor_is_known_by_its_number_and_linked_if_it_is_a_web_site) {
  const StatusUpdate web = read_one(change("0", kMonitor));
  BOOST_TEST(web.url == "https://relay.example/up");
  BOOST_TEST(web.components[0].id == "4");
  const StatusUpdate port = read_one(change("0", R"({"id":4,"name":"Port","url":"https://"})"));
  BOOST_TEST(port.url.empty());
  BOOST_TEST(port.incident_id == web.incident_id);
  BOOST_TEST(read_one(change("0", "null")).incident_id == web.incident_id);
}

BOOST_AUTO_TEST_CASE(each_beat_is_an_update_of_its_own) {
  const std::string key = read_one(change("0", kMonitor)).key();
  BOOST_TEST(read_one(change("0", kMonitor), 3).key() == key);
  BOOST_TEST(read_one(change("1", kMonitor)).key() != key);
  BOOST_TEST(read_one(change("0", kMonitor, "2026-05-07 03:08:12.345")).key() != key);
}

BOOST_AUTO_TEST_CASE(a_status_may_be_a_word_and_an_unknown_one_is_no_good_news) {
  BOOST_TEST((read_one(change("\"UP\"", kMonitor)).state == State::operational));
  BOOST_TEST((read_one(change("\"3\"", kMonitor)).state == State::under_maintenance));
  for (const char* odd : {"7", "null", "[]", "true", "-1"}) {
    BOOST_TEST((read_one(change(odd, kMonitor)).state == State::degraded_performance), odd);
  }
}

BOOST_AUTO_TEST_CASE(a_notice_is_told_once_opens_nothing_and_may_come_again_another_day) {
  const StatusUpdate notice = read_one(kNotice);
  BOOST_TEST(is_over(notice.state));
  BOOST_TEST(read_one(kNotice).key() == notice.key());
  BOOST_TEST(read_one(kNotice, 60).key() != notice.key());
}

BOOST_AUTO_TEST_CASE(its_user_may_choose_the_verb) {
  BOOST_REQUIRE(find_format("uptimekuma") != nullptr);
  BOOST_TEST(find_format("uptimekuma")->any_verb);
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (const char* foreign : {R"({"msg":"hello"})", R"({"monitor":{"id":1},"msg":"x"})",
                              R"({"heartbeat":null,"monitor":null})",
                              R"({"heartbeat":7,"monitor":{},"msg":"x"})", "[]", "null"}) {
    BOOST_TEST(!read_as("uptimekuma", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
