#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/status/format.h"

using namespace monitor;
using namespace monitor::status;

namespace {

constexpr std::string_view kBody = R"({"page":{},"incident":{"id":"x","name":"Late mail"}})";

Origin origin() {
  Origin origin;
  origin.provider = "kestrel-mail";
  origin.provider_name = "Kestrel\nMail";
  origin.received_at = system::from_microseconds(1771597925000000);
  origin.stream = "s1";
  origin.seq = 42;
  origin.test = true;
  return origin;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formats_list)

BOOST_AUTO_TEST_CASE(names_are_unique_and_auto_is_one_of_them) {
  const auto names = format_names();
  BOOST_TEST(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  BOOST_TEST(names.size() == formats().size() + 1);
  BOOST_TEST(std::count(names.begin(), names.end(), kAutoFormat) == 1);
  BOOST_TEST(std::count(names.begin(), names.end(), "statuspage") == 1);
}

BOOST_AUTO_TEST_CASE(every_format_is_found_by_its_name_and_nothing_else_is) {
  for (const Format* format : formats()) {
    BOOST_TEST(find_format(format->name) == format);
  }
  BOOST_TEST(find_format("auto") == nullptr);
  BOOST_TEST(find_format("") == nullptr);
  BOOST_TEST(find_format("Statuspage") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(formats_read_updates)

BOOST_AUTO_TEST_CASE(what_the_origin_knows_is_filled_in) {
  const Reading reading = read_updates("statuspage", kBody, origin());
  BOOST_TEST(reading.recognised);
  BOOST_REQUIRE(reading.updates.size() == 1U);
  const StatusUpdate& update = reading.updates[0];
  BOOST_TEST(update.provider == "kestrel-mail");
  BOOST_TEST(update.provider_name == "Kestrel Mail");
  BOOST_TEST((update.received_at == origin().received_at));
  BOOST_TEST(update.stream == "s1");
  BOOST_TEST(update.seq == 42U);
  BOOST_TEST(update.test);
}

BOOST_AUTO_TEST_CASE(auto_and_unknown_names_take_whatever_recognises_the_body) {
  BOOST_TEST(read_updates("auto", kBody, origin()).recognised);
  BOOST_TEST(read_updates("", kBody, origin()).recognised);
  BOOST_TEST(read_updates("of-a-later-release", kBody, origin()).recognised);
}

// An application of one's own may well say "incident", "component" and "status".
BOOST_AUTO_TEST_CASE(nobody_claims_what_only_uses_the_same_words) {
  for (const std::string_view body :
       {R"({"incident":{"id":"CL-1","status":"closed","title":"Car"},"customer":{"id":1}})",
        R"({"incident":{"id":"P1","type":"incident","status":"triggered","service":{"id":"S"}}})",
        R"({"maintenance":{"name":"boiler check"}})",
        R"({"component":{"id":7,"name":"Header","status":"published"}})",
        R"({"component":{"name":"db","status":"UP"}})",
        R"({"incident":{"id":"1","status":"OPEN","name":"x"}})",
        R"({"specversion":"1.0","id":"a","source":"/x","type":"status","data":{"service":"db",
            "component":"disk","status":"down"}})",
        R"({"id":"ord-1","service":"express","status":"ok","event":"status_changed"})",
        R"({"event":"incident_created","body":{"id":1,"name":"x"}})",
        R"({"event":"subscriber_created","data":{"attributes":{"id":1}}})",
        R"({"event_type":"incident","incident":{"id":"1","name":"x"}})"}) {
    BOOST_TEST(!read_updates("auto", body, origin()).recognised, body);
  }
}

BOOST_AUTO_TEST_CASE(unrecognised_bodies_tell_their_shape) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"zeta":1,"alpha":{"incident":{}}})", "alpha,zeta"},
      {R"({"a\nb":1})", "a b"},
      {"{}", ""},
      {"[1]", "(array)"},
      {"\"text\"", "(no object)"},
      {"null", "(no object)"},
      {"{", "(not JSON)"},
      {"", "(not JSON)"},
  };
  for (const auto& [body, shape] : cases) {
    for (const std::string_view format : {"statuspage", "auto"}) {
      const Reading reading = read_updates(format, body, origin());
      BOOST_TEST(!reading.recognised, body);
      BOOST_TEST(reading.updates.empty());
      BOOST_TEST(reading.shape == shape);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_shape_stays_short_whatever_the_body) {
  std::string body = "{\"" + std::string(100'000, 'k') + "\":1";
  for (int i = 0; i < 10'000; ++i) {
    body += ",\"a" + std::to_string(i) + "\":1";
  }
  const Reading reading = read_updates("auto", body + "}", origin());
  BOOST_TEST(!reading.recognised);
  BOOST_TEST(reading.shape.size() < 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
