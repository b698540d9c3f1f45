// What status pages really sent, posted as it is: sensible lines with the right product.
#include <boost/test/unit_test.hpp>
#include <regex>

#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

const std::filesystem::path kBodies = source_root() / "tests/data/statuspage";

// The two lines that `name` prints, joined.
std::string lines_for(const std::string& name) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter");
  BOOST_TEST(pipeline.post(read_file(kBodies / name)).status == 200);
  const auto lines = formatter->wait_for_lines(Stream::out, 2);
  return lines[0] + '\n' + lines[1];
}

BOOST_AUTO_TEST_SUITE(RealBodies)

BOOST_AUTO_TEST_CASE(each_is_accepted_and_prints_two_lines_of_the_right_form) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter");
  std::size_t lines = 0;
  const std::regex first(R"(\[20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\] Product: \S.*)");
  for (const auto& entry : std::filesystem::directory_iterator(kBodies)) {
    BOOST_TEST_CONTEXT(entry.path()) {
      BOOST_TEST(pipeline.post(read_file(entry.path())).status == 200);
      const auto printed = formatter->wait_for_lines(Stream::out, lines += 2);
      BOOST_TEST(std::regex_match(printed[lines - 2], first), printed[lines - 2]);
      BOOST_TEST(printed[lines - 1].starts_with("Status: "));
      BOOST_TEST(printed[lines - 1].size() > 10);
    }
  }
  BOOST_TEST(lines > 0);
}

BOOST_AUTO_TEST_CASE(the_latest_update_counts_wherever_it_stands_and_html_becomes_text) {
  BOOST_TEST(lines_for("incident-updates-in-no-order.json") ==
             "[2026-03-11 09:46:58] Product: kestrel-mail.example - Relays, Webmail\n"
             "Status: Two relays lost their disks — mail is queued, nothing is lost. Next update "
             "at 11:30 CET.");
}

BOOST_AUTO_TEST_CASE(a_placeholder_component_is_left_out) {
  BOOST_TEST(lines_for("incident-without-components.json") ==
             "[2017-10-02 18:00:07] Product: larkspur.statuspage.example\n"
             "Status: Dashboards take longer than usual to load.");
}

BOOST_AUTO_TEST_CASE(a_component_says_what_it_is_and_what_it_was) {
  BOOST_TEST(lines_for("component.json") ==
             "[2026-03-11 09:05:11] Product: kestrel-mail.example - Relays\n"
             "Status: Partial outage (was operational)");
}

BOOST_AUTO_TEST_CASE(a_maintenance_names_what_its_update_affects) {
  BOOST_TEST(lines_for("maintenance.json") ==
             "[2026-06-01 08:00:01] Product: osprey-dns.example - Vienna\n"
             "Status: We will replace two resolvers. Queries are answered by Graz meanwhile.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
