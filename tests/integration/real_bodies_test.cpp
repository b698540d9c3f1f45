// What status pages really sent, posted as it is: sensible lines with the right product.
#include <boost/test/unit_test.hpp>
#include <regex>
#include <set>

#include "lib/status/format.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

const std::filesystem::path kData = source_root() / "tests/data";
const std::filesystem::path kBodies = kData / "statuspage";

// An envelope of Amazon SNS is not taken unsigned.
bool needs_a_signature(const std::filesystem::path& body) {
  return read_file(body).find("\"TopicArn\"") != std::string::npos;
}

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

BOOST_AUTO_TEST_CASE(every_format_is_known_by_its_shape_and_each_update_is_two_lines) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter");
  std::set<std::string> told;
  const std::regex first(R"(\[20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\] Product: \S.*)");
  for (const auto& file : std::filesystem::recursive_directory_iterator(kData)) {
    if (file.path().extension() != ".json" || needs_a_signature(file.path())) {
      continue;
    }
    BOOST_TEST_CONTEXT(file.path()) {
      const std::string body = read_file(file.path());
      BOOST_TEST(pipeline.client.post(pipeline.receiver_url("/webhook/auto"), body).status == 200);
      const std::size_t before = told.size();
      for (const status::StatusUpdate& update : status::read_updates("auto", body, {}).updates) {
        told.insert(update.key());
      }
      const auto printed = formatter->wait_for_lines(Stream::out, 2 * told.size());
      for (std::size_t i = 2 * before; i < printed.size(); i += 2) {
        BOOST_TEST(std::regex_match(printed[i], first), printed[i]);
        BOOST_TEST(printed[i + 1].starts_with("Status: "));
        BOOST_TEST(printed[i + 1].size() > 8);
      }
    }
  }
  BOOST_TEST(told.size() > status::formats().size());
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
