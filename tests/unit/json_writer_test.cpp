#include "lib/json/writer.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "lib/json/document.h"

using namespace monitor::json;

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(objects_and_arrays_nest) {
  Writer out;
  out.begin_object().member("seq", 42).key("names").begin_array().value("a").value("b").end_array();
  out.key("in").begin_object().member("yes", true).end_object().end_object();
  BOOST_TEST(out.take() == R"({"seq":42,"names":["a","b"],"in":{"yes":true}})");
}

BOOST_AUTO_TEST_CASE(numbers_of_every_width_are_written_whole) {
  Writer out;
  out.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::int64_t>::max())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(std::uint8_t{255})
      .value(-1)
      .value(1.5)
      .value(false)
      .end_array();
  BOOST_TEST(out.take() ==
             "[-9223372036854775808,9223372036854775807,18446744073709551615,255,-1,1.5,false]");
}

BOOST_AUTO_TEST_CASE(what_json_has_no_number_for_is_null) {
  Writer out;
  out.begin_object()
      .member("a", std::numeric_limits<double>::quiet_NaN())
      .member("b", std::numeric_limits<double>::infinity())
      .end_object();
  BOOST_TEST(out.take() == R"({"a":null,"b":null})");
}

BOOST_AUTO_TEST_CASE(an_empty_text_can_be_null) {
  Writer out;
  out.begin_object().member_or_null("a", "").member_or_null("b", "x").member("c", "").end_object();
  BOOST_TEST(out.take() == R"({"a":null,"b":"x","c":""})");
}

BOOST_AUTO_TEST_CASE(texts_are_escaped) {
  Writer out;
  out.value(std::string_view("\"\\\n\x01\0</script>", 14));
  BOOST_TEST(out.take() == R"("\"\\\n\u0001\u0000</script>")");
}

BOOST_AUTO_TEST_CASE(every_control_character_is_escaped_wherever_it_stands) {
  for (char c = 0; c < 0x20; ++c) {
    const std::string text = std::string(20, 'x') + c + std::string(20, 'y');
    Writer out;
    const std::string json = out.begin_array().value(text).end_array().take();
    BOOST_TEST(json.find(c) == std::string::npos, json);
    const auto document = Document::parse(json);
    BOOST_TEST((document && document->root().at(0).text() == text), json);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_mended_in_values_and_keys) {
  Writer out;
  out.begin_object().member("k\xFFy", "a\xC3(").end_object();
  const std::string text = out.take();
  BOOST_TEST(text == "{\"k\uFFFDy\":\"a\uFFFD(\"}");
  BOOST_TEST(!scan(text));
}

BOOST_AUTO_TEST_CASE(raw_json_goes_in_as_it_is) {
  Writer out;
  out.begin_array().raw(R"({"a": 1})").value(2).end_array();
  BOOST_TEST(out.take() == R"([{"a": 1},2])");
}

BOOST_AUTO_TEST_CASE(after_take_it_begins_anew) {
  Writer out;
  out.begin_array().value(1).end_array();
  BOOST_TEST(out.take() == "[1]");
  out.begin_object().end_object();
  BOOST_TEST(out.take() == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
