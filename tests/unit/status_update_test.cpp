#include "lib/status/update.h"

#include <boost/test/unit_test.hpp>

#include "lib/json/document.h"

using namespace monitor;
using namespace monitor::status;

namespace {

constexpr std::int64_t kFebruary = 1771597920123456;  // 2026-02-20T14:32:00.123456Z

StatusUpdate example() {
  StatusUpdate update;
  update.provider = "kestrel-mail";
  update.provider_name = "Kestrel Mail";
  update.incident_id = "inc1";
  update.name = "Late mail";
  update.message = "We are looking into it";
  update.update_id = "upd1";
  update.happened_at = system::from_microseconds(kFebruary);
  update.received_at = system::from_microseconds(kFebruary + 1'000'000);
  update.stream = "s1";
  update.seq = 42;
  return update;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status_words)

BOOST_AUTO_TEST_CASE(every_word_leads_back_to_its_value) {
  for (int i = 0; i <= static_cast<int>(State::under_maintenance); ++i) {
    const auto state = static_cast<State>(i);
    BOOST_TEST(!word(state).empty());
    BOOST_TEST((state_from_word(word(state)) == state), word(state));
  }
  for (int i = 0; i <= static_cast<int>(Impact::maintenance); ++i) {
    const auto impact = static_cast<Impact>(i);
    BOOST_TEST((impact_from_word(word(impact)) == impact), word(impact));
  }
  for (int i = 0; i <= static_cast<int>(Kind::component); ++i) {
    const auto kind = static_cast<Kind>(i);
    BOOST_TEST((kind_from_word(word(kind)) == kind), word(kind));
  }
}

BOOST_AUTO_TEST_CASE(other_words_are_none) {
  BOOST_TEST(!state_from_word(""));
  BOOST_TEST(!state_from_word("Resolved"));
  BOOST_TEST(!impact_from_word("severe"));
  BOOST_TEST(!kind_from_word("alert"));
}

BOOST_AUTO_TEST_CASE(only_four_states_are_over) {
  for (int i = 0; i <= static_cast<int>(State::under_maintenance); ++i) {
    const auto state = static_cast<State>(i);
    const bool over = state == State::resolved || state == State::postmortem ||
                      state == State::completed || state == State::operational;
    BOOST_TEST(is_over(state) == over, word(state));
  }
}

BOOST_AUTO_TEST_CASE(states_are_spoken_as_a_person_writes_them) {
  BOOST_TEST(spoken(State::degraded_performance) == "Degraded performance");
  BOOST_TEST(spoken(State::in_progress) == "In progress");
  BOOST_TEST(spoken(State::resolved) == "Resolved");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(status_update)

BOOST_AUTO_TEST_CASE(text_is_two_lines) {
  StatusUpdate update = example();
  update.components = {{"c1", "Relays", State::partial_outage}, {"c2", "Webmail", std::nullopt}};
  BOOST_TEST(to_text(update, 0) ==
             "[2026-02-20 14:32:00] Product: Kestrel Mail - Relays, Webmail\n"
             "Status: We are looking into it\n");
}

BOOST_AUTO_TEST_CASE(text_without_components_has_no_dash) {
  BOOST_TEST(to_text(example(), 0) ==
             "[2026-02-20 14:32:00] Product: Kestrel Mail\nStatus: We are looking into it\n");
}

BOOST_AUTO_TEST_CASE(long_message_is_cut_in_text_and_not_in_json) {
  StatusUpdate update = example();
  update.message = "0123456789";
  BOOST_TEST(to_text(update, 4).ends_with("\nStatus: 012\u2026\n"));
  BOOST_TEST(to_json(update).find("\"message\":\"0123456789\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_has_every_field_in_its_place) {
  StatusUpdate update = example();
  update.kind = Kind::maintenance;
  update.url = "https://stspg.example/k";
  update.impact = Impact::maintenance;
  update.state = State::scheduled;
  update.components = {{"c1", "Relays", State::under_maintenance}, {"", "Webmail", std::nullopt}};
  update.happened_at_known = false;
  update.created_at = system::from_microseconds(kFebruary - 60'000'000);
  update.resolved_at = system::from_microseconds(kFebruary + 60'000'000);
  update.scheduled_for = system::from_microseconds(kFebruary + 120'000'000);
  update.scheduled_until = system::from_microseconds(kFebruary + 180'000'000);
  update.test = true;
  BOOST_TEST(
      to_json(update) ==
      R"({"v":1,"provider":"kestrel-mail","provider_name":"Kestrel Mail","kind":"maintenance",)"
      R"("incident_id":"inc1","name":"Late mail","url":"https://stspg.example/k",)"
      R"("impact":"maintenance","status":"scheduled","components":[)"
      R"({"id":"c1","name":"Relays","status":"under_maintenance"},)"
      R"({"id":"","name":"Webmail","status":null}],"message":"We are looking into it",)"
      R"("update_id":"upd1","happened_at":"2026-02-20T14:32:00.123456Z",)"
      R"("happened_at_known":false,"created_at":"2026-02-20T14:31:00.123456Z",)"
      R"("resolved_at":"2026-02-20T14:33:00.123456Z",)"
      R"("scheduled_for":"2026-02-20T14:34:00.123456Z",)"
      R"("scheduled_until":"2026-02-20T14:35:00.123456Z",)"
      R"("received_at":"2026-02-20T14:32:01.123456Z","stream":"s1","seq":42,"key":")" +
          update.key() + R"(","test":true})");
}

BOOST_AUTO_TEST_CASE(json_says_null_for_what_is_not_known) {
  StatusUpdate update = example();
  update.update_id = "";
  const auto document = json::Document::parse(to_json(update));
  BOOST_REQUIRE(document.has_value());
  for (const std::string_view key :
       {"url", "update_id", "created_at", "resolved_at", "scheduled_for", "scheduled_until"}) {
    BOOST_TEST(document->root()[key].is_null(), key);
  }
  BOOST_TEST(document->root()["components"].is_array());
}

BOOST_AUTO_TEST_CASE(same_update_has_the_same_key_however_it_came) {
  StatusUpdate again = example();
  again.received_at += std::chrono::hours(1);
  again.stream = "s2";
  again.seq = 7;
  again.provider_name = "Kestrel";
  again.message = "corrected text";
  again.happened_at += std::chrono::seconds(1);
  BOOST_TEST(again.key() == example().key());
  BOOST_TEST(again.key().size() <= 64U);
}

BOOST_AUTO_TEST_CASE(whatever_makes_an_update_another_one_changes_the_key) {
  const auto changed = [](auto change) {
    StatusUpdate update = example();
    change(update);
    return update.key();
  };
  BOOST_TEST(changed([](auto& u) { u.provider = "osprey"; }) != example().key());
  BOOST_TEST(changed([](auto& u) { u.kind = Kind::component; }) != example().key());
  BOOST_TEST(changed([](auto& u) { u.incident_id = "inc2"; }) != example().key());
  BOOST_TEST(changed([](auto& u) { u.update_id = "upd2"; }) != example().key());
  BOOST_TEST(changed([](auto& u) { u.incident_id = "inc1upd", u.update_id = "1"; }) !=
             example().key());
}

BOOST_AUTO_TEST_CASE(without_an_update_id_time_state_and_text_stand_in) {
  StatusUpdate plain = example();
  plain.update_id = "";
  StatusUpdate later = plain;
  later.happened_at += std::chrono::microseconds(1);
  StatusUpdate resolved = plain;
  resolved.state = State::resolved;
  StatusUpdate other = plain;
  other.message += "!";
  StatusUpdate again = plain;
  again.seq = 99;
  BOOST_TEST(later.key() != plain.key());
  BOOST_TEST(resolved.key() != plain.key());
  BOOST_TEST(other.key() != plain.key());
  BOOST_TEST(again.key() == plain.key());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(status_from_json)

BOOST_AUTO_TEST_CASE(the_way_there_and_back_changes_nothing) {
  StatusUpdate whole = example();
  whole.kind = Kind::maintenance;
  whole.impact = Impact::maintenance;
  whole.state = State::in_progress;
  whole.url = "https://status.example/1";
  whole.components = {{"c1", "API \"new\"", State::under_maintenance}, {"", "Git", {}}};
  whole.happened_at_known = false;
  whole.created_at = whole.happened_at;
  whole.scheduled_for = whole.happened_at;
  whole.scheduled_until = whole.received_at;
  whole.test = true;
  for (const StatusUpdate& update : {example(), whole}) {
    const auto back = from_json(to_json(update));
    BOOST_REQUIRE(back);
    BOOST_TEST(to_json(*back) == to_json(update));
    BOOST_TEST(back->key() == update.key());
  }
}

BOOST_AUTO_TEST_CASE(what_is_of_another_form_is_none) {
  const std::string json = to_json(example());
  BOOST_TEST(!from_json(json.substr(1)));
  for (const auto& [from, to] : {std::pair("\"v\":1", "\"v\":2"),
                                 {"\"incident\"", "\"accident\""},
                                 {"inc1", ""},
                                 {"investigating", "no word"}}) {
    std::string other = json;
    other.replace(other.find(from), std::string_view(from).size(), to);
    BOOST_TEST(!from_json(other), other);
  }
}

BOOST_AUTO_TEST_SUITE_END()
