#include "lib/status/text.h"

#include <boost/test/unit_test.hpp>

#include "lib/json/utf8.h"

using namespace monitor::status;

namespace {

std::string around(char32_t code_point) {
  std::string text = "a";
  monitor::json::append_code_point(text, code_point);
  return text + "b";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_to_line)

BOOST_AUTO_TEST_CASE(clean_text_stays_as_it_is) {
  for (const std::string text :
       {"", "a", "Chat API - High Error Rates", "M\u00fcnchen \U0001F600", "a\u200bb", "\u2014"}) {
    BOOST_TEST(to_line(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(white_space_folds_to_one_space_and_goes_at_the_ends) {
  BOOST_TEST(to_line("  a \t\r\n\r\n b  ") == "a b");
  BOOST_TEST(to_line("a  b") == "a b");
  BOOST_TEST(to_line("a ") == "a");
  BOOST_TEST(to_line(" a") == "a");
  BOOST_TEST(to_line(" \n ") == "");
}

BOOST_AUTO_TEST_CASE(white_space_of_all_kinds_is_white_space) {
  for (const char32_t c : {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, 0x2000, 0x2007, 0x200A,
                           0x2028, 0x2029, 0x202F, 0x205F, 0x3000}) {
    BOOST_TEST(to_line(around(c)) == "a b", "U+" << std::hex << static_cast<unsigned>(c));
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_seen_but_deceives_is_dropped) {
  for (const char32_t c : {0x00, 0x01, 0x07, 0x08, 0x0E, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0x202A,
                           0x202E, 0x2066, 0x2069, 0xFEFF}) {
    BOOST_TEST(to_line(around(c)) == "ab", "U+" << std::hex << static_cast<unsigned>(c));
  }
}

BOOST_AUTO_TEST_CASE(a_dropped_character_between_spaces_leaves_one_space) {
  BOOST_TEST(to_line("a \x01 b") == "a b");
  BOOST_TEST(to_line("\x1b[31mred\x1b[0m") == "[31mred[0m");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_become_replacement_characters) {
  BOOST_TEST(to_line("a\xFF"
                     "b") ==
             "a\uFFFD"
             "b");
  BOOST_TEST(to_line("\xC3") == "\uFFFD");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text_cut)

BOOST_AUTO_TEST_CASE(the_last_character_kept_becomes_an_ellipsis) {
  BOOST_TEST(cut("abcdef", 4) == "abc\u2026");
  BOOST_TEST(cut("abcdef", 1) == "\u2026");
}

BOOST_AUTO_TEST_CASE(what_fits_stays) {
  BOOST_TEST(cut("abcdef", 6) == "abcdef");
  BOOST_TEST(cut("abcdef", 0) == "abcdef");
  BOOST_TEST(cut("", 1) == "");
}

BOOST_AUTO_TEST_CASE(characters_count_and_not_bytes) {
  BOOST_TEST(cut("\u00e4\u00f6\u00fc", 3) == "\u00e4\u00f6\u00fc");
  BOOST_TEST(cut("\u00e4\u00f6\u00fc", 2) == "\u00e4\u2026");
  BOOST_TEST(cut("\U0001F600\U0001F601\U0001F602", 2) == "\U0001F600\u2026");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text_to_slug)

BOOST_AUTO_TEST_CASE(everything_but_letters_and_digits_is_one_dash) {
  const std::pair<std::string, std::string> cases[] = {
      {"GitHub (EU)", "github-eu"},
      {"Hugging Face", "hugging-face"},
      {"8x8", "8x8"},
      {"  Let's -- Encrypt! ", "let-s-encrypt"},
      {"M\u00fcnchen", "m-nchen"},
      {"\u72b6\u6001", ""},
      {"", ""},
      {"---", ""},
      {"a.b.c", "a-b-c"},
  };
  for (const auto& [name, slug] : cases) {
    BOOST_TEST(to_slug(name) == slug);
    BOOST_TEST(to_slug(slug) == slug);
  }
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_without_a_dash_at_the_end) {
  BOOST_TEST(to_slug(std::string(100, 'a')) == std::string(kMaxSlug, 'a'));
  BOOST_TEST(to_slug(std::string(kMaxSlug - 1, 'a') + " b") == std::string(kMaxSlug - 1, 'a'));
  BOOST_TEST(to_slug(std::string(kMaxSlug - 2, 'a') + " b") ==
             std::string(kMaxSlug - 2, 'a') + "-b");
}

BOOST_AUTO_TEST_SUITE_END()
