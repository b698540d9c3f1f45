#include "lib/status/formats/generic.h"

#include <boost/test/unit_test.hpp>

#include "lib/status/mapping.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Mapping whole() {
  Mapping mapping;
  mapping.provider = {"/vendor"};
  mapping.id = {"/alert/id"};
  mapping.update_id = {"/alert/rev"};
  mapping.name = {"/alert/headline", "/alert/title"};
  mapping.status = {"/alert/state"};
  mapping.impact = {"/alert/level"};
  mapping.message = {"/log/0/text"};
  mapping.time = {"/log/0/at", "/sent"};
  mapping.created_at = {"/alert/opened"};
  mapping.resolved_at = {"/alert/closed"};
  mapping.url = {"/alert/link"};
  mapping.components = {"/parts"};
  mapping.component_id = {"/key"};
  mapping.component_name = {"/label"};
  mapping.component_status = {"/light"};
  mapping.status_words = {{"burning", "investigating"},
                          {"out", "resolved"},
                          {"red", "major_outage"},
                          {"0", "operational"},
                          {"works_ahead", "scheduled"}};
  mapping.impact_words = {{"3", "critical"}};
  return mapping;
}

Reading read_body(std::string_view body, const Mapping& mapping = whole()) {
  Origin origin;
  origin.provider = "bridge";
  origin.provider_name = "Bridge";
  origin.received_at = system::from_microseconds(1790000000000000);
  origin.mapping = to_json(mapping);
  return read_updates("generic", body, origin);
}

StatusUpdate read_one(std::string_view body, const Mapping& mapping = whole()) {
  const Reading reading = read_body(body, mapping);
  BOOST_REQUIRE_MESSAGE(reading.updates.size() == 1U, "not read: " << body);
  return reading.updates[0];
}

constexpr std::string_view kBody =
    R"({"vendor":"Kestrel Mail","alert":{"id":77,"rev":"r2","headline":"","title":"Mail is late",
        "state":"Burning","level":3,"opened":1771597000,"link":"https://kestrel.example/77"},
        "log":[{"text":"<p>We look &amp; see</p>","at":"2026-02-20T14:32:00Z"},{"text":"older"}],
        "parts":[{"key":"k1","label":"Inbound","light":"red"},{"label":"Outbound"},{"none":1}]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(generic_format)

BOOST_AUTO_TEST_CASE(a_body_is_read_as_its_user_says) {
  const StatusUpdate update = read_one(kBody);
  BOOST_TEST(update.provider == "kestrel-mail");
  BOOST_TEST(update.provider_name == "Kestrel Mail");
  BOOST_TEST((update.kind == Kind::incident));
  BOOST_TEST(update.incident_id == "77");
  BOOST_TEST(update.update_id == "r2");
  BOOST_TEST(update.name == "Mail is late");
  BOOST_TEST((update.state == State::investigating));
  BOOST_TEST((update.impact == Impact::critical));
  BOOST_TEST(update.message == "We look & see");
  BOOST_TEST(update.url == "https://kestrel.example/77");
  BOOST_TEST(system::to_rfc3339(update.happened_at) == "2026-02-20T14:32:00.000000Z");
  BOOST_TEST(update.happened_at_known);
  BOOST_TEST(update.created_at.has_value());
  BOOST_REQUIRE(update.components.size() == 2U);
  BOOST_TEST((update.components[0] == Component{"k1", "Inbound", State::major_outage}));
  BOOST_TEST((update.components[1] == Component{"", "Outbound", std::nullopt}));
}

BOOST_AUTO_TEST_CASE(the_kind_is_that_of_the_mapped_word) {
  const auto kind = [](const std::string& state) {
    return read_one(R"({"alert":{"title":"x","state":)" + state + "}}").kind;
  };
  BOOST_TEST((kind("\"out\"") == Kind::incident));
  BOOST_TEST((kind("\"Works ahead\"") == Kind::maintenance));
  BOOST_TEST((kind("0") == Kind::component));
  BOOST_TEST((kind("\"partial outage\"") == Kind::component));  // our own words need no table
  BOOST_TEST((kind("\"?\"") == Kind::incident));
}

BOOST_AUTO_TEST_CASE(components_may_be_names_or_one_name) {
  BOOST_TEST(read_one(R"({"alert":{"title":"x"},"parts":["a","b"]})").components.size() == 2U);
  BOOST_TEST(read_one(R"({"alert":{"title":"x"},"parts":"a"})").components.at(0).name == "a");
  BOOST_TEST(read_one(R"({"alert":{"title":"x"},"parts":null})").components.empty());
}

BOOST_AUTO_TEST_CASE(without_an_id_the_title_makes_one_that_stays) {
  const auto id = [](const std::string& state) {
    return read_one(R"({"alert":{"title":"x","state":")" + state + "\"}}").incident_id;
  };
  BOOST_TEST(id("burning") == id("out"));
  BOOST_TEST(id("burning").starts_with("made-"));
}

BOOST_AUTO_TEST_CASE(who_sent_it_is_the_origin_where_the_body_does_not_tell) {
  const StatusUpdate update = read_one(R"({"alert":{"title":"x"}})");
  BOOST_TEST(update.provider == "bridge");
  BOOST_TEST(update.provider_name == "Bridge");
  BOOST_TEST(!update.happened_at_known);
}

BOOST_AUTO_TEST_CASE(a_body_in_which_nothing_is_found_is_unrecognised) {
  for (const std::string_view body : {"{}", "[]", "1", "null", R"({"alert":{"id":1}})", "{"}) {
    const Reading reading = read_body(body);
    BOOST_TEST(!reading.recognised, body);
    BOOST_TEST(reading.updates.empty(), body);
  }
  BOOST_TEST(!read_body(kBody, Mapping()).recognised);
  BOOST_TEST(read_body(kBody, Mapping()).shape == "alert,log,parts,vendor");
}

BOOST_AUTO_TEST_CASE(a_mapping_survives_its_journey_as_json) {
  BOOST_TEST((mapping_from_json(to_json(whole())) == whole()));
  BOOST_TEST((mapping_from_json(to_json(Mapping())) == Mapping()));
  for (const std::string_view odd : {"", "[]", "{\"id\":1}", "{\"status_words\":[1]}", "null"}) {
    const Mapping mapping = mapping_from_json(odd);
    BOOST_TEST(mapping.id.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
