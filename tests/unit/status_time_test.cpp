#include "lib/status/time.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace monitor;
using status::parse_time;

namespace {

std::string parsed(std::string_view text) {
  const auto time = parse_time(text);
  return time ? system::to_rfc3339(*time) : "none";
}

std::string parsed_json(std::string_view json) {
  const auto document = json::Document::parse(json);
  BOOST_REQUIRE(document.has_value());
  const auto time = parse_time(document->root()["t"]);
  return time ? system::to_rfc3339(*time) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(time_parsing)

BOOST_AUTO_TEST_CASE(rfc3339_in_all_its_shapes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2026-02-20T14:32:00Z", "2026-02-20T14:32:00.000000Z"},
      {"2026-02-20t14:32:00z", "2026-02-20T14:32:00.000000Z"},
      {"2026-02-20 14:32:00", "2026-02-20T14:32:00.000000Z"},
      {"2026-02-20T14:32Z", "2026-02-20T14:32:00.000000Z"},
      {" 2026-02-20T14:32:00Z\n", "2026-02-20T14:32:00.000000Z"},
      {"2026-02-20T14:32:00.5Z", "2026-02-20T14:32:00.500000Z"},
      {"2026-02-20T14:32:00,25Z", "2026-02-20T14:32:00.250000Z"},
      {"2026-02-20T14:32:00.123456Z", "2026-02-20T14:32:00.123456Z"},
      {"2026-02-20T14:32:00.1234567Z", "2026-02-20T14:32:00.123456Z"},
      {"2026-02-20T14:32:00.999999999999Z", "2026-02-20T14:32:00.999999Z"},
      {"2026-02-20T14:32:00+02:00", "2026-02-20T12:32:00.000000Z"},
      {"2026-02-20T14:32:00+0200", "2026-02-20T12:32:00.000000Z"},
      {"2026-02-20T14:32:00+02", "2026-02-20T12:32:00.000000Z"},
      {"2026-02-20T14:32:00.004-05:30", "2026-02-20T20:02:00.004000Z"},
      {"2026-02-20 14:32:00 UTC", "2026-02-20T14:32:00.000000Z"},
      {"2026-02-20 14:32:00 -0700", "2026-02-20T21:32:00.000000Z"},
      {"2026-02-20 14:32:00.5 +0000 UTC", "2026-02-20T14:32:00.500000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
  };
  for (const auto& [text, time] : cases) {
    BOOST_TEST(parsed(text) == time, text << " gave " << parsed(text));
  }
}

BOOST_AUTO_TEST_CASE(a_leap_second_is_the_first_of_the_next_minute) {
  BOOST_TEST(parsed("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00.000000Z");
  BOOST_TEST(parsed("2016-12-31T23:59:61Z") == "none");
}

BOOST_AUTO_TEST_CASE(rfc1123_with_whatever_weekday_and_day) {
  const std::string_view expected = "2022-04-06T10:00:00.000000Z";
  for (const std::string_view text :
       {"Wed, 6 Apr 2022 10:00:00 GMT", "Wed, 06 Apr 2022 10:00:00 GMT",
        "Fri, 6 Apr 2022 10:00:00 GMT", "6 Apr 2022 10:00:00 GMT", "Wed, 6 Apr 2022 10:00:00",
        "Wed, 6 Apr 2022 12:00:00 +0200", "Wed,6 Apr 2022 10:00:00 UTC"}) {
    BOOST_TEST(parsed(text) == expected, text << " gave " << parsed(text));
  }
}

BOOST_AUTO_TEST_CASE(unix_seconds_and_milliseconds) {
  BOOST_TEST(parsed("1771597920") == "2026-02-20T14:32:00.000000Z");
  BOOST_TEST(parsed("1771597920.25") == "2026-02-20T14:32:00.250000Z");
  BOOST_TEST(parsed("1771597920123") == "2026-02-20T14:32:00.123000Z");
  BOOST_TEST(parsed("1771597920123.456") == "2026-02-20T14:32:00.123456Z");
  BOOST_TEST(parsed("253402300799999") == "9999-12-31T23:59:59.999000Z");
}

BOOST_AUTO_TEST_CASE(json_numbers_are_unix_times_and_other_types_none) {
  BOOST_TEST(parsed_json(R"({"t":1771597920})") == "2026-02-20T14:32:00.000000Z");
  BOOST_TEST(parsed_json(R"({"t":1771597920123})") == "2026-02-20T14:32:00.123000Z");
  BOOST_TEST(parsed_json(R"({"t":1771597920.5})") == "2026-02-20T14:32:00.500000Z");
  BOOST_TEST(parsed_json(R"({"t":1.77159792e9})") == "2026-02-20T14:32:00.000000Z");
  BOOST_TEST(parsed_json(R"({"t":"2026-02-20T14:32:00Z"})") == "2026-02-20T14:32:00.000000Z");
  for (const std::string_view json :
       {R"({"t":null})", R"({"t":true})", R"({"t":[]})", R"({"t":{}})", R"({"t":""})", R"({})",
        R"({"t":0})", R"({"t":-1})", R"({"t":-1.5})", R"({"t":1e300})", R"({"t":1e15})",
        R"({"t":9223372036854775807})", R"({"t":18446744073709551615})", R"({"t":20260220})"}) {
    BOOST_TEST(parsed_json(json) == "none", json);
  }
}

BOOST_AUTO_TEST_CASE(absurd_texts_are_no_times) {
  for (const std::string_view text : {"",
                                      " ",
                                      "now",
                                      "Z",
                                      "0",
                                      "2026",
                                      "20260220",
                                      "2026-02-20",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-30T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-02-00T00:00:00Z",
                                      "2026-02-20T24:00:00Z",
                                      "2026-02-20T14:60:00Z",
                                      "2026-02-20T14:32:00+24:00",
                                      "2026-02-20T14:32:00+02:60",
                                      "2026-02-20T14:32:00+2",
                                      "2026-02-20T14:32:00+02:",
                                      "2026-02-20T14:32:00.Z",
                                      "2026-02-20T14:32:00 PST",
                                      "2026-02-20T14:32:00Zjunk",
                                      "2026-2-20T14:32:00Z",
                                      "-026-02-20T14:32:00Z",
                                      "1969-12-31T23:59:59Z",
                                      "1970-01-01T00:00:00+01:00",
                                      "9999-12-31T23:59:59-01:00",
                                      "10000-01-01T00:00:00Z",
                                      "99999999999999999999",
                                      "253402300800000",
                                      "-1771597920",
                                      "1771597920x",
                                      "1771597920.",
                                      "Wed, 31 Feb 2022 10:00:00 GMT",
                                      "Wed, 6 Foo 2022 10:00:00 GMT",
                                      "Wed, 6 Apr 2022",
                                      "Wed, 6 Apr 2022 25:00:00 GMT",
                                      "Wed, 6 Apr 99999 10:00:00 GMT",
                                      "Wed, 6 Apr 2022 10:00:00 XYZ"}) {
    BOOST_TEST(parsed(text) == "none", text << " gave " << parsed(text));
  }
  BOOST_TEST(parsed(std::string(1 << 20, '1')) == "none");
  BOOST_TEST(parsed("2026-02-20T14:32:00." + std::string(1 << 20, '1') + "Z") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
