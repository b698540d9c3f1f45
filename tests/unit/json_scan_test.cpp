#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lib/json/document.h"

using namespace monitor::json;
using namespace std::string_literals;

namespace {

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

std::string nested_objects(std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) {
    text += R"({"a":)";
  }
  return text + "1" + std::string(levels, '}');
}

std::optional<Error> error_of_parse(const std::string& text) {
  Error error;
  return Document::parse(text, &error) ? std::nullopt : std::optional(error);
}

// Both readers must agree: the receiver scans what subscribers parse.
void check_good(const std::string& text) {
  BOOST_TEST(!scan(text), text.substr(0, 60));
  BOOST_TEST(!error_of_parse(text), text.substr(0, 60));
}

void check_bad(const std::string& text, std::size_t offset) {
  for (const auto& error : {scan(text), error_of_parse(text)}) {
    BOOST_TEST_CONTEXT(text.substr(0, 60)) {
      BOOST_REQUIRE(error);
      BOOST_TEST(error->offset == offset);
      BOOST_TEST(!error->reason.empty());
    }
  }
}

class Told : public StringVisitor {
 public:
  explicit Told(const std::string& text) { BOOST_TEST(!scan(text, this), text); }
  void on_string(std::string_view path, std::string_view value) override {
    all.emplace_back(path, value);
  }
  std::vector<std::pair<std::string, std::string>> all;
};

using Paths = std::vector<std::pair<std::string, std::string>>;

void check_told(const std::string& text, const Paths& expected) {
  BOOST_TEST_CONTEXT(text) { BOOST_TEST((Told(text).all == expected)); }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_scan)

BOOST_AUTO_TEST_CASE(json_of_every_kind_is_json) {
  for (const char* text :
       {"{}", "[]", "0", "-1.5e3", "\"text\"", "true", "null", " { \"a\" : [ 1 , null ] } ",
        "\r\n\t[]\n", "\"\\u00e9\\ud83d\\ude00\"", R"({"a":1,"a":2})"}) {
    check_good(text);
  }
}

BOOST_AUTO_TEST_CASE(the_offset_says_where_reading_ended) {
  check_bad("", 0);
  check_bad("   ", 3);
  check_bad("{\"a\":}", 5);
  check_bad("[1,]", 3);
  check_bad("[1 2]", 3);
  check_bad("{'a':1}", 1);
  check_bad("nul", 3);
  check_bad("[1,2", 4);
}

BOOST_AUTO_TEST_CASE(what_follows_the_value_makes_it_no_json) {
  check_bad("{} x", 3);
  check_bad("{}{}", 2);
  check_bad("1 2", 2);
  check_bad("[]]", 2);
}

BOOST_AUTO_TEST_CASE(a_nul_byte_does_not_end_the_text) {
  check_bad("{}\0"s, 2);
  check_bad("{}\0 and more"s, 2);
  check_bad("\0{}"s, 0);
  check_bad("[1,\0 2]"s, 3);
  BOOST_TEST(scan("\"a\0b\""s).has_value());
}

BOOST_AUTO_TEST_CASE(what_only_other_dialects_allow_is_refused) {
  for (const char* text : {"NaN", "Infinity", "01", "+1", ".5", "1.", "[1,]", "// x\n1", "'a'",
                           "{a:1}", "\"\t\"", "\"\\x41\"", "\"\\ud800\""}) {
    BOOST_TEST(scan(text).has_value(), text);
    BOOST_TEST(error_of_parse(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(sixty_four_levels_are_read_and_sixty_five_are_not) {
  check_good(nested(64));
  check_good(nested_objects(64));
  check_bad(nested(65), 64);
  BOOST_TEST(scan(nested(65))->reason == "nested deeper than 64 levels");
  BOOST_TEST(error_of_parse(nested(65))->reason == "nested deeper than 64 levels");
  BOOST_TEST(scan(nested_objects(65)).has_value());
  BOOST_TEST(error_of_parse(nested_objects(65)).has_value());
}

BOOST_AUTO_TEST_CASE(depth_is_how_deep_and_not_how_many) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) {
    text += nested(63) + ',';
  }
  check_good(text + "0]");
}

BOOST_AUTO_TEST_CASE(two_hundred_thousand_brackets_are_refused_at_the_bound) {
  check_bad(std::string(200'000, '['), 64);
  check_bad(nested(200'000), 64);
  std::string objects;
  for (int i = 0; i < 200'000; ++i) {
    objects += R"({"a":)";
  }
  BOOST_TEST(scan(objects)->reason == "nested deeper than 64 levels");
  BOOST_TEST(error_of_parse(objects)->reason == "nested deeper than 64 levels");
}

BOOST_AUTO_TEST_CASE(a_leading_byte_order_mark_is_forgiven_and_counted) {
  check_good("\xEF\xBB\xBF{\"a\":1}");
  check_bad("\xEF\xBB\xBF{x}", 4);
  check_bad("\xEF\xBB\xBF", 3);
  BOOST_TEST(scan("\xEF\xBB\xBF\xEF\xBB\xBF{}").has_value());
  BOOST_TEST(scan(" \xEF\xBB\xBF{}").has_value());
  BOOST_TEST(scan("\xFF\xFE{\0}\0"s).has_value());
}

BOOST_AUTO_TEST_CASE(raw_control_characters_are_refused_wherever_they_stand) {
  for (char c = 1; c < 0x20; ++c) {
    for (std::size_t before = 0; before < 40; ++before) {
      std::string text = "[\"" + std::string(before, 'x') + std::string(40, 'y') + "\"]";
      text[2 + before] = c;
      BOOST_TEST(scan(text).has_value(), text);
      BOOST_TEST(error_of_parse(text).has_value(), text);
    }
  }
  check_bad("[\"\x1B[1m\"]", 2);
  check_bad("{\"a\":1,\"b\":\"a text of 16 bytes\x1F\"}", 30);
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_refused) {
  for (const char* bytes : {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
                            "\xE2\x82", "\xF8\x88\x80\x80\x80"}) {
    const std::string text = '"' + std::string(bytes) + '"';
    BOOST_TEST(scan(text).has_value());
    BOOST_TEST(error_of_parse(text).has_value());
    BOOST_TEST(scan("{" + text + ":1}").has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_string_visitor)

BOOST_AUTO_TEST_CASE(strings_inside_objects_are_told_with_their_path) {
  check_told(R"({"a":"1","page":{"id":"2","name":"3"},"b":"4"})",
             {{"/a", "1"}, {"/page/id", "2"}, {"/page/name", "3"}, {"/b", "4"}});
}

BOOST_AUTO_TEST_CASE(what_is_no_string_is_not_told) {
  check_told(R"({"a":1,"b":null,"c":true,"d":1.5,"e":{},"f":"x"})", {{"/f", "x"}});
  check_told(R"("x")", {});
}

BOOST_AUTO_TEST_CASE(what_is_inside_an_array_is_not_told_and_what_follows_it_is) {
  check_told(R"(["a",{"b":"c"}])", {});
  check_told(R"({"a":["x",{"b":"y","c":[{"d":"z"}]}],"e":"1"})", {{"/e", "1"}});
  check_told(R"({"a":{"b":[{"c":{"d":{"e":"x"}}}],"f":"1"},"g":"2"})",
             {{"/a/f", "1"}, {"/g", "2"}});
}

BOOST_AUTO_TEST_CASE(five_levels_are_told_and_no_more) {
  check_told(
      R"({"a":{"b":{"c":"3","d":{"e":"4","f":{"g":"5","x":{"y":"6"}}},"h":"3"},"i":"2"},"j":"1"})",
      {{"/a/b/c", "3"},
       {"/a/b/d/e", "4"},
       {"/a/b/d/f/g", "5"},
       {"/a/b/h", "3"},
       {"/a/i", "2"},
       {"/j", "1"}});
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_told_twice) {
  check_told(R"({"a":"1","a":{"b":"2"},"a":"3"})", {{"/a", "1"}, {"/a/b", "2"}, {"/a", "3"}});
}

BOOST_AUTO_TEST_CASE(keys_are_told_as_they_are) {
  check_told(R"({"a/b":"1","":"2","~1":"3","\u0061":"4"})",
             {{"/a/b", "1"}, {"/", "2"}, {"/~1", "3"}, {"/a", "4"}});
}

BOOST_AUTO_TEST_CASE(values_are_told_without_escapes) {
  check_told(R"({"a":"\"\n\u00e9\u0000."})", {{"/a", "\"\n\u00e9\0."s}});
}

BOOST_AUTO_TEST_SUITE_END()
