// What a sink says: --template and its places.
#include "sinks/delivery/template.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

status::StatusUpdate update() {
  status::StatusUpdate update;
  update.provider = "github";
  update.provider_name = "GitHub";
  update.name = "Pushes fail";
  update.impact = status::Impact::major;
  update.state = status::State::investigating;
  update.components = {{"c1", "API", status::State::partial_outage}, {"c2", "Git", {}}};
  update.message = "5 < 6 & {braces}";
  return update;
}

std::string refusal(const std::string& text) {
  try {
    const Template parsed(text, "template x");
  } catch (const system::ConfigError& error) {
    return error.what();
  }
  return "";
}

BOOST_AUTO_TEST_SUITE(sinks_template)

BOOST_AUTO_TEST_CASE(places_are_filled_and_what_is_put_in_is_escaped) {
  const Template text("{title} {{{status}}} [{components}] {message}{scheduled_for}", "x");
  BOOST_TEST(text.fill(update()) ==
             "GitHub: Pushes fail {investigating} [API (partial outage), Git] 5 < 6 & {braces}");
  const auto shout = [](std::string_view value) { return "<" + std::string(value) + ">"; };
  BOOST_TEST(Template("a {Status} b", "x").fill(update(), shout) == "a <Investigating> b");
  BOOST_TEST(Template("", "x").fill(update()).empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_place_is_refused_with_those_there_are) {
  BOOST_TEST(refusal("{provider_nam}").find("nobody knows {provider_nam}") != std::string::npos);
  BOOST_TEST(refusal("{x}").find("{provider_name}") != std::string::npos);
  for (const char* wrong : {"{", "a } b", "{message", "{}", "{{}"}) {
    BOOST_TEST(refusal(wrong).starts_with("cannot use template x: "), wrong);
  }
  BOOST_TEST(refusal("{{}}").empty());
}

BOOST_AUTO_TEST_CASE(each_state_has_its_symbol_and_colour) {
  auto one = update();
  BOOST_TEST(symbol_of(one) == "🟠");
  one.state = status::State::resolved;
  BOOST_TEST(symbol_of(one) == "✅");
  one.kind = status::Kind::maintenance;
  one.state = status::State::in_progress;
  BOOST_TEST(symbol_of(one) == "🔧");
  BOOST_TEST(colour_of(update()) != colour_of(one));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::delivery
