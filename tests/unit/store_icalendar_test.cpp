#include "store/api/icalendar.h"

#include <boost/test/unit_test.hpp>

#include "lib/json/utf8.h"
#include "tests/support/form_reader.h"
#include "tests/unit/store_details.h"

namespace monitor::store {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

tests::Json read(const std::vector<IncidentDetail>& maintenances) {
  return tests::read_form("calendar", maintenance_calendar({}, maintenances));
}

// Each without its CRLF.
std::vector<std::string> physical_lines(const std::string& calendar) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (auto end = calendar.find("\r\n"); end != std::string::npos;
       end = calendar.find("\r\n", begin)) {
    lines.push_back(calendar.substr(begin, end - begin));
    begin = end + 2;
  }
  BOOST_TEST(begin == calendar.size());
  return lines;
}

void require_folded(const std::string& calendar) {
  for (const std::string& line : physical_lines(calendar)) {
    BOOST_TEST(line.size() <= 75, line);
    BOOST_TEST(json::is_utf8(line), line);
    BOOST_TEST(line.find_first_of("\r\n") == std::string::npos, line);
    BOOST_TEST(!line.empty());
  }
}

BOOST_AUTO_TEST_SUITE(MaintenanceCalendar)

BOOST_AUTO_TEST_CASE(a_calendar_finds_every_part_of_an_event) {
  const tests::Json calendar = read({maintenance_detail()});
  const json::View event = calendar["events"].at(0);
  BOOST_TEST(event["summary"].text() == "[GitHub] New disks");
  BOOST_TEST(event["dtstart"].text() == "2026-02-20T13:00:00+00:00");
  BOOST_TEST(event["dtend"].text() == "2026-02-20T14:30:00+00:00");
  BOOST_TEST(event["dtstamp"].text() == "2026-02-20T12:30:00+00:00");
  BOOST_TEST(event["last-modified"].text() == "2026-02-20T12:30:00+00:00");
  BOOST_TEST(event["created"].text() == "2026-02-20T12:00:00+00:00");
  BOOST_TEST(event["sequence"].text() == "1");
  BOOST_TEST(event["status"].text() == "CONFIRMED");
  BOOST_TEST(event["url"].text() == "https://status.example/i/1");
  BOOST_TEST(event["categories"].at(0).text() == "MAINTENANCE");
  BOOST_TEST(event["categories"].at(1).text() == "GitHub");
  BOOST_TEST(event["description"].text() ==
             "Status: in progress\nAffected: Git (partial outage), API\n"
             "2026-02-20 12:30 UTC: monitoring: A fix is out\n"
             "2026-02-20 12:00 UTC: investigating: We look");
}

BOOST_AUTO_TEST_CASE(a_calendar_has_a_name_and_says_how_often_to_ask) {
  const tests::Json all = read({});
  BOOST_TEST(all["name"].text() == "Maintenance of all providers");
  BOOST_TEST(all["x_name"].text() == all["name"].text());
  BOOST_TEST(all["refresh"].present());
  BOOST_TEST(all["refresh_type"].text() == "DURATION");
  BOOST_TEST(all["prodid"].text().starts_with("-//status-monitor//"));
  BOOST_TEST(
      holds(maintenance_calendar({"github", "GitHub"}, {}), "\r\nNAME:Maintenance of GitHub\r\n"));
}

// RFC 5545 demands one.
BOOST_AUTO_TEST_CASE(a_calendar_without_events_has_a_component) {
  const tests::Json calendar = read({});
  BOOST_REQUIRE(calendar["components"].size() == 1U);
  BOOST_TEST(calendar["components"].at(0).text() == "VTIMEZONE");
}

BOOST_AUTO_TEST_CASE(a_maintenance_without_a_window_is_left_out) {
  IncidentDetail detail = maintenance_detail();
  detail.incident.scheduled_for.reset();
  BOOST_TEST(read({detail, maintenance_detail("other")})["events"].size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_an_end_that_follows_the_beginning_it_takes_an_hour) {
  IncidentDetail open = maintenance_detail();
  open.incident.scheduled_until.reset();
  IncidentDetail backwards = maintenance_detail("backwards");
  backwards.incident.scheduled_until = minute(59);
  IncidentDetail short_one = maintenance_detail("short");
  short_one.incident.scheduled_until = minute(60) + std::chrono::milliseconds(900);
  const tests::Json calendar = read({open, backwards, short_one});
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(calendar["events"].at(i)["dtend"].text() == "2026-02-20T14:00:00+00:00");
  }
}

BOOST_AUTO_TEST_CASE(a_window_at_the_end_of_time_has_a_year_of_four_digits) {
  IncidentDetail detail = maintenance_detail();
  detail.incident.scheduled_for = system::from_microseconds(253'402'300'000'000'000);
  detail.incident.scheduled_until.reset();
  BOOST_TEST(holds(maintenance_calendar({}, {detail}), "\r\nDTEND:99991231T235959Z\r\n"));
}

BOOST_AUTO_TEST_CASE(an_event_keeps_its_uid_and_counts_its_changes) {
  IncidentDetail later = maintenance_detail();
  later.incident.name = "New disks, again";
  later.updates.insert(later.updates.begin(), told("completed", "Done", 90));
  const tests::Json before = read({maintenance_detail()});
  const tests::Json after = read({later});
  BOOST_TEST(before["events"].at(0)["uid"].text() == after["events"].at(0)["uid"].text());
  BOOST_TEST(after["events"].at(0)["sequence"].text() == "2");
}

BOOST_AUTO_TEST_CASE(the_same_maintenances_are_the_same_bytes) {
  BOOST_TEST(maintenance_calendar({}, {maintenance_detail()}) ==
             maintenance_calendar({}, {maintenance_detail()}));
}

BOOST_AUTO_TEST_CASE(special_characters_come_back_as_they_were) {
  IncidentDetail detail = maintenance_detail();
  detail.incident.name = R"(a;b,c\d:"e")";
  BOOST_TEST(read({detail})["events"].at(0)["summary"].text() == R"([GitHub] a;b,c\d:"e")");
  // The reader would take the second backslash and the n for a newline.
  detail.incident.name = R"(a\n)";
  BOOST_TEST(holds(maintenance_calendar({}, {detail}), "\r\nSUMMARY:[GitHub] a\\\\n\r\n"));
}

BOOST_AUTO_TEST_CASE(lines_of_every_length_are_folded_between_characters) {
  for (const char* letter : {"x", "ü", "雨", "🔥"}) {
    for (std::size_t length = 1; length < 200; ++length) {
      IncidentDetail detail = maintenance_detail();
      detail.incident.name.clear();
      for (std::size_t i = 0; i < length; ++i) {
        detail.incident.name += letter;
      }
      const std::string calendar = maintenance_calendar({}, {detail});
      require_folded(calendar);
      std::string unfolded;
      for (const std::string& line : physical_lines(calendar)) {
        unfolded += line.starts_with(' ') ? line.substr(1) : '\n' + line;
      }
      BOOST_REQUIRE(holds(unfolded, "\nSUMMARY:[GitHub] " + detail.incident.name + '\n'));
    }
  }
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_text) {
  const std::vector<IncidentDetail> maintenances{hostile_detail(maintenance_detail()),
                                                 maintenance_detail("next")};
  require_folded(maintenance_calendar({"github", kHostile}, maintenances));
  const tests::Json calendar = read(maintenances);
  BOOST_TEST(calendar["events"].size() == 2U);
  BOOST_TEST(holds(calendar["events"].at(0)["summary"].text(), "<script>;,"));
  BOOST_TEST(holds(calendar["events"].at(0)["description"].text(), "🔥"));
  BOOST_TEST(calendar["events"].at(0)["url"].text().starts_with("https://status.example/%22%3E"));
}

BOOST_AUTO_TEST_CASE(a_work_without_end_is_cut_and_says_so) {
  IncidentDetail detail = maintenance_detail();
  detail.updates.assign(kMostUpdates + 7, told("in_progress", "still", 1));
  BOOST_TEST(holds(read({detail})["events"].at(0)["description"].text(), "7 earlier updates"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
