#include "store/api/badge.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/support/form_reader.h"
#include "tests/unit/store_details.h"

namespace monitor::store {
namespace {

const std::vector<std::string> kStatuses{"operational",          "under_maintenance",
                                         "degraded_performance", "partial_outage",
                                         "major_outage",         "unknown"};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

tests::Json read(std::string_view name, std::string_view status) {
  return tests::read_form("badge", badge_svg(name, status));
}

// The name ends before the words' box begins, and they before the picture does.
void require_room(const tests::Json& badge) {
  const json::View name = badge["texts"].at(0);
  const json::View words = badge["texts"].at(1);
  constexpr int kShapeAndMargins = 6 + 6 + 12 + 4;
  BOOST_TEST(*name["x"].integer() >= 6);
  BOOST_TEST(*name["length"].integer() >= 1);
  BOOST_TEST(*name["x"].integer() + *name["length"].integer() + kShapeAndMargins <=
             *words["x"].integer());
  BOOST_TEST(*words["x"].integer() + *words["length"].integer() + 6 <= *badge["width"].integer());
}

std::int64_t length_of(std::string_view name) {
  return *read(name, "unknown")["texts"].at(0)["length"].integer();
}

// The drawing alone, without colours and words.
std::string shape_of(const std::string& status) {
  const std::string svg = badge_svg("x", status);
  const std::size_t begin = svg.find("stroke-linejoin");
  BOOST_REQUIRE(begin != std::string::npos);
  return svg.substr(begin);
}

std::string colour_of(const std::string& status) {
  const std::string svg = badge_svg("x", status);
  return svg.substr(svg.rfind("fill=\"#", svg.find("<rect")), 14);
}

BOOST_AUTO_TEST_SUITE(Badge)

BOOST_AUTO_TEST_CASE(it_shows_and_speaks_name_and_status) {
  const tests::Json badge = read("GitHub", "partial_outage");
  BOOST_TEST(badge["texts"].at(0)["text"].text() == "GitHub");
  BOOST_TEST(badge["texts"].at(1)["text"].text() == "partial outage");
  BOOST_TEST(badge["role"].text() == "img");
  BOOST_TEST(badge["first"].text() == "title");
  BOOST_TEST(badge["title"].text() == "GitHub: partial outage");
  BOOST_TEST(badge["label"].text() == "GitHub: partial outage");
}

BOOST_AUTO_TEST_CASE(each_status_has_a_shape_and_a_colour_of_its_own) {
  std::set<std::string> shapes;
  std::set<std::string> colours;
  for (const std::string& status : kStatuses) {
    shapes.insert(shape_of(status));
    colours.insert(colour_of(status));
  }
  BOOST_TEST(shapes.size() == kStatuses.size());
  BOOST_TEST(colours.size() == kStatuses.size());
}

BOOST_AUTO_TEST_CASE(a_status_that_it_does_not_know_is_unknown) {
  BOOST_TEST(badge_svg("x", "<on fire>") == badge_svg("x", "unknown"));
  BOOST_TEST(badge_svg("x", "") == badge_svg("x", "unknown"));
}

BOOST_AUTO_TEST_CASE(no_name_overflows) {
  const std::vector<std::string> letters{"i",  "W",  "m", " .",      "ü", "Ж",
                                         "雨", "한", "🔥", "e\u0301", "ש"};
  for (const std::string& letter : letters) {
    for (const std::size_t count : {1U, 2U, 13U, 60U, 500U}) {
      std::string name;
      for (std::size_t i = 0; i < count; ++i) {
        name += letter;
      }
      BOOST_TEST_CONTEXT(name) { require_room(read(name, "degraded_performance")); }
    }
  }
}

BOOST_AUTO_TEST_CASE(wide_letters_get_more_room_than_narrow_ones) {
  BOOST_TEST(length_of("WWWWWWWWWW") > 3 * length_of("iiiiiiiiii"));
  BOOST_TEST(length_of("雨雨雨雨雨雨雨雨雨雨") == 110);
  BOOST_TEST(length_of("ee\u0301") == length_of("ee"));
}

BOOST_AUTO_TEST_CASE(a_long_name_is_cut_where_it_is_drawn_and_whole_where_it_is_spoken) {
  const std::string longest(kMostBadgeName, 'x');
  BOOST_TEST(read(longest, "unknown")["texts"].at(0)["text"].text() == longest);
  const tests::Json longer = read(longest + "y", "unknown");
  BOOST_TEST(longer["texts"].at(0)["text"].text() == longest.substr(1) + "…");
  BOOST_TEST(longer["title"].text() == longest + "y: unknown");
}

BOOST_AUTO_TEST_CASE(hostile_names_stay_text) {
  const tests::Json badge = read(kHostile, "major_outage");
  BOOST_TEST(holds(badge["title"].text(), "<script>"));
  require_room(badge);
  for (std::size_t i = 0; i < badge["elements"].size(); ++i) {
    const std::string_view element = badge["elements"].at(i).text();
    BOOST_TEST((element == "svg" || element == "title" || element == "g" || element == "path" ||
                element == "rect" || element == "text"),
               element);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_fetched_and_nothing_runs) {
  for (const std::string& status : kStatuses) {
    const std::string svg = badge_svg("GitHub", status);
    for (const char* part : {"href", "url(", "<style", "<script", "<image", "@import", " on"}) {
      BOOST_TEST(!holds(svg, part), part);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_without_a_letter_is_a_badge_all_the_same) {
  require_room(read("", "operational"));
  require_room(read("\u200B", "operational"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
