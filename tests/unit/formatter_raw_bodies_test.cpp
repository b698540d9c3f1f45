#include "formatter/raw_bodies.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/support/bodies.h"

using namespace monitor;
using namespace monitor::formatter;

namespace {

struct RecordingOutput : Output {
  Written write(std::string_view text) override {
    texts.emplace_back(text);
    return answer;
  }
  std::vector<std::string> texts;
  Written answer = Written::whole;
};

std::string on_one_line(std::string_view body) {
  std::string line;
  for (const char c : body) {
    line += c == '\n' ? ' ' : c;
  }
  return line;
}

struct Fixture {
  status::Providers providers = status::Providers::shipped();
  Record record{storage::Database::open(":memory:", storage::Database::Mode::read_write)};
  RecordingOutput output;
  Printer printer{{}, {}, record, output};
  RawBodies bodies{providers, printer};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(formatter_raw_bodies, Fixture)

BOOST_AUTO_TEST_CASE(a_body_on_a_line_is_printed_as_if_it_had_come_in) {
  bodies.take(on_one_line(tests::kExampleBody) + '\n');
  BOOST_REQUIRE(output.texts.size() == 1);
  BOOST_TEST(output.texts[0] == std::string(tests::kExampleFirstLine) + '\n' +
                                    std::string(tests::kExampleSecondLine) + '\n');
}

BOOST_AUTO_TEST_CASE(lines_in_pieces_are_printed_when_they_are_whole) {
  const std::string line = tests::incident_body("a");
  bodies.take(line.substr(0, 10));
  bodies.take(line.substr(10));
  BOOST_TEST(output.texts.empty());
  bodies.take("\n" + tests::incident_body("b"));
  BOOST_TEST(output.texts.size() == 1U);
  bodies.finish();
  BOOST_TEST(output.texts.size() == 2U);
  bodies.finish();
  BOOST_TEST(output.texts.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_no_body_is_skipped) {
  bodies.take("not JSON\n\n   \r\n{\"a\":\n[]\n42\n\"text\"\n" + tests::incident_body("a") +
              "\r\n");
  BOOST_TEST(output.texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_skipped_and_the_next_is_read) {
  bodies.take(tests::incident_body("a", "long", kLongestLine) + '\n' + tests::incident_body("b") +
              '\n');
  BOOST_REQUIRE(output.texts.size() == 1);
  BOOST_TEST(record.knows("") == false);
  bodies.take(tests::incident_body("c", "long", kLongestLine - 1000) + '\n');
  BOOST_TEST(output.texts.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_same_update_is_printed_once) {
  bodies.take(tests::incident_body("a") + '\n' + tests::incident_body("a") + '\n');
  BOOST_TEST(output.texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_left_ends_it) {
  output.answer = Written::reader_left;
  const std::string two = tests::incident_body("a") + '\n' + tests::incident_body("b") + '\n';
  BOOST_TEST((bodies.take(two) == Written::reader_left));
  BOOST_TEST(output.texts.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
