#include "lib/json/utf8.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace monitor::json;
using namespace std::string_literals;

namespace {

struct Good {
  const char* bytes;
  char32_t code_point;
};
constexpr Good kGood[] = {{"\x01", 1},
                          {"A", 'A'},
                          {"\x7F", 0x7F},
                          {"\xC2\x80", 0x80},
                          {"\xDF\xBF", 0x7FF},
                          {"\xE0\xA0\x80", 0x800},
                          {"\xED\x9F\xBF", 0xD7FF},
                          {"\xEE\x80\x80", 0xE000},
                          {"\xEF\xBF\xBF", 0xFFFF},
                          {"\xF0\x90\x80\x80", 0x10000},
                          {"\xF4\x8F\xBF\xBF", 0x10FFFF}};

struct Bad {
  const char* why;
  const char* bytes;
};
constexpr Bad kBad[] = {{"a continuation alone", "\x80"},
                        {"a continuation alone", "\xBF"},
                        {"cut after one of two", "\xC3"},
                        {"cut after two of three", "\xE2\x82"},
                        {"cut after three of four", "\xF0\x9F\x98"},
                        {"the second byte is no continuation", "\xC3("},
                        {"the last byte is no continuation", "\xE2\x82("},
                        {"overlong slash", "\xC0\xAF"},
                        {"overlong DEL", "\xC1\xBF"},
                        {"overlong in three", "\xE0\x9F\xBF"},
                        {"overlong in four", "\xF0\x8F\xBF\xBF"},
                        {"the first surrogate", "\xED\xA0\x80"},
                        {"the last surrogate", "\xED\xBF\xBF"},
                        {"above U+10FFFF", "\xF4\x90\x80\x80"},
                        {"above U+10FFFF", "\xF7\xBF\xBF\xBF"},
                        {"five bytes", "\xF8\x88\x80\x80\x80"},
                        {"a byte that never comes", "\xFE"},
                        {"a byte that never comes", "\xFF"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(json_utf8)

BOOST_AUTO_TEST_CASE(code_points_are_taken_and_appended) {
  for (const auto& [bytes, code_point] : kGood) {
    const std::string text = bytes + "z"s;
    std::string_view rest = text;
    BOOST_TEST((take_code_point(rest) == code_point));
    BOOST_TEST(rest == "z");
    std::string appended;
    append_code_point(appended, code_point);
    BOOST_TEST(appended == bytes);
    BOOST_TEST(is_utf8(text));
    BOOST_TEST(mend_utf8(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_code_point_is_one_byte_of_replacement) {
  for (const auto& [why, bytes] : kBad) {
    BOOST_TEST_CONTEXT(why) {
      std::string_view rest = bytes;
      BOOST_TEST((take_code_point(rest) == kReplacement));
      BOOST_TEST(rest.size() == std::string_view(bytes).size() - 1);
      BOOST_TEST(!is_utf8(bytes));
      BOOST_TEST(!is_utf8("good " + std::string(bytes)));
      BOOST_TEST(is_utf8(mend_utf8(bytes)));
    }
  }
}

BOOST_AUTO_TEST_CASE(mending_keeps_what_is_good_around_it) {
  BOOST_TEST(mend_utf8("a\xFF\xE2\x82(\u00e4\xC0\xAF") == "a\uFFFD\uFFFD\uFFFD(\u00e4\uFFFD\uFFFD");
  BOOST_TEST(mend_utf8("") == "");
  BOOST_TEST(is_utf8(""));
  BOOST_TEST(is_utf8("a\0b"s));
}

BOOST_AUTO_TEST_SUITE_END()
