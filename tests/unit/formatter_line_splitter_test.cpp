#include "formatter/line_splitter.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace monitor::formatter;

namespace {

// "1:text" or "1:too long" for each line, fed in pieces of `piece` bytes.
std::vector<std::string> split(const std::string& text, std::size_t longest, std::size_t piece) {
  std::vector<std::string> lines;
  LineSplitter splitter(longest);
  const auto note = [&](const Line& line) {
    lines.push_back(std::to_string(line.number) + ':' +
                    (line.too_long ? "too long" : std::string(line.text)));
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    splitter.add(text.substr(at, piece));
    while (const auto line = splitter.next()) {
      note(*line);
    }
  }
  if (const auto line = splitter.last()) {
    note(*line);
  }
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formatter_line_splitter)

BOOST_AUTO_TEST_CASE(lines_are_the_same_however_they_arrive) {
  const std::string text = "one\n\nthree\nfour is far too long for this\nfive\nsix";
  const std::vector<std::string> expected{"1:one",      "2:",     "3:three",
                                          "4:too long", "5:five", "6:six"};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    BOOST_TEST(split(text, 8, piece) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_line_of_exactly_the_longest_length_is_taken) {
  for (std::size_t piece = 1; piece <= 20; ++piece) {
    const std::vector<std::string> expected{"1:12345678", "2:too long", "3:12345678"};
    BOOST_TEST(split("12345678\n123456789\n12345678", 8, piece) == expected,
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_told_once_and_not_kept) {
  LineSplitter splitter(100);
  int told = 0;
  for (int i = 0; i < 1000; ++i) {
    splitter.add(std::string(100, 'x'));
    while (const auto line = splitter.next()) {
      BOOST_TEST(line->too_long);
      BOOST_TEST(line->number == 1U);
      ++told;
    }
  }
  BOOST_TEST(told == 1);
  BOOST_TEST(!splitter.last());
  splitter.add("\nnext\n");
  const auto line = splitter.next();
  BOOST_REQUIRE(line);
  BOOST_TEST(line->number == 2U);
  BOOST_TEST(line->text == "next");
}

BOOST_AUTO_TEST_SUITE_END()
