// The life of an incident: what each kind of update does to it, whatever the order of arrival.
#include "store/archive/incident_rows.h"

#include <boost/test/unit_test.hpp>

#include "store/api/render.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;
using Ids = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(IncidentRowsSuite, StoreFixture)

BOOST_AUTO_TEST_CASE(an_incident_is_kept_with_all_that_its_update_says) {
  auto update = update_of("u1", State::identified, 5);
  update.url = "https://stspg.io/x";
  update.created_at = minute(1);
  update.components = {{"c1", "Git", State::major_outage}, {"c2", "API", std::nullopt}};
  put(update);
  const IncidentRecord kept = incident();
  BOOST_TEST(kept.provider_name == "GitHub");
  BOOST_TEST(kept.kind == "incident");
  BOOST_TEST(kept.status == "identified");
  BOOST_TEST(kept.impact == "major");
  BOOST_TEST(kept.url == "https://stspg.io/x");
  BOOST_TEST(kept.message == "text of u1");
  BOOST_CHECK(kept.created_at == minute(1));
  BOOST_CHECK(kept.updated_at == minute(5));
  BOOST_CHECK(!kept.resolved_at);
  BOOST_REQUIRE(kept.components.size() == 2);
  BOOST_TEST(kept.components[0].name == "Git");
  BOOST_TEST(kept.components[0].status == "major_outage");
  BOOST_TEST(kept.components[1].status == "");
}

BOOST_AUTO_TEST_CASE(the_same_update_twice_is_one) {
  put(update_of("u1", State::investigating, 0));
  put(update_of("u1", State::investigating, 0));
  BOOST_TEST(update_ids() == Ids{"u1"});
  BOOST_TEST(reader.figures().updates() == 1);
  BOOST_TEST(reader.figures().incidents() == 1);
}

BOOST_AUTO_TEST_CASE(an_update_without_an_id_is_told_apart_by_time_state_and_text) {
  put(update_of("", State::investigating, 0));
  put(update_of("", State::investigating, 0));
  put(update_of("", State::investigating, 1));
  BOOST_TEST(detail().updates.size() == 2);
}

BOOST_AUTO_TEST_CASE(an_older_body_adds_its_update_and_leaves_the_incident_as_it_is) {
  put(update_of("u2", State::monitoring, 10));
  auto older = update_of("u1", State::investigating, 0);
  older.name = "An older name";
  put(older);
  BOOST_TEST(incident().status == "monitoring");
  BOOST_TEST(incident().name == "Pushes fail");
  BOOST_TEST(incident().message == "text of u2");
  BOOST_CHECK(incident().updated_at == minute(10));
  BOOST_CHECK(incident().created_at == minute(0));
  BOOST_TEST(update_ids() == (Ids{"u2", "u1"}));
}

BOOST_AUTO_TEST_CASE(a_resolved_incident_is_not_reopened_by_an_old_body) {
  put(update_of("u2", State::resolved, 10));
  put(update_of("u1", State::investigating, 0));
  BOOST_TEST(incident().status == "resolved");
  BOOST_CHECK(incident().resolved_at == minute(10));
  BOOST_TEST(reader.figures().tallies.at(0).open == 0);
}

BOOST_AUTO_TEST_CASE(at_equal_times_what_is_over_stays_over) {
  put(update_of("u2", State::resolved, 10));
  put(update_of("u1", State::monitoring, 10));
  BOOST_TEST(incident().status == "resolved");
  auto component = update_of("u3", State::operational, 10);
  component.kind = status::Kind::component;
  component.incident_id = "comp";
  put(component);
  component.update_id = "u4";
  component.state = State::major_outage;
  put(component);
  BOOST_TEST(detail("github", "comp").incident.status == "operational");
}

BOOST_AUTO_TEST_CASE(a_later_update_reopens_it) {
  put(update_of("u1", State::resolved, 10));
  put(update_of("u2", State::investigating, 20));
  BOOST_TEST(incident().status == "investigating");
  BOOST_CHECK(!incident().resolved_at);
  BOOST_TEST(reader.figures().tallies.at(0).open == 1);
}

BOOST_AUTO_TEST_CASE(it_ended_when_its_sender_says_so) {
  auto update = update_of("u1", State::resolved, 10);
  update.resolved_at = minute(7);
  put(update);
  BOOST_CHECK(incident().resolved_at == minute(7));
}

BOOST_AUTO_TEST_CASE(a_postmortem_does_not_move_the_end) {
  put(update_of("u2", State::resolved, 10));
  put(update_of("u3", State::postmortem, 60));
  BOOST_TEST(incident().status == "postmortem");
  BOOST_CHECK(incident().resolved_at == minute(10));
}

BOOST_AUTO_TEST_CASE(every_order_of_arrival_ends_in_the_same_incident) {
  std::vector<status::StatusUpdate> life{
      update_of("u1", State::investigating, 0), update_of("u2", State::resolved, 10),
      update_of("u3", State::investigating, 20), update_of("u4", State::resolved, 30),
      update_of("u5", State::postmortem, 40)};
  std::string expected;
  int incident = 0;
  for_each_order(life.size(), [&](const std::vector<std::size_t>& order) {
    const std::string id = "i" + std::to_string(incident++);
    for (const std::size_t i : order) {
      life[i].incident_id = id;
      put(life[i]);
    }
    auto kept = detail("github", id);
    kept.incident.id = "same";
    for (UpdateRecord& update : kept.updates) {
      update.seq = 0;
    }
    expected = expected.empty() ? to_json(kept) : expected;
    BOOST_TEST(to_json(kept) == expected);
    BOOST_CHECK(kept.incident.resolved_at == minute(30));
  });
  BOOST_TEST(reader.figures().updates() == 5 * 120);
  BOOST_TEST(reader.figures().tallies.at(0).open == 0);
}

BOOST_AUTO_TEST_CASE(a_history_heals_lost_deliveries_and_is_one_with_the_late_ones) {
  auto update = update_of("u3", State::resolved, 20);
  update.history = {past_of("u2", State::identified, 10), past_of("u1", State::investigating, 0)};
  put(update);
  BOOST_TEST(update_ids() == (Ids{"u3", "u2", "u1"}));
  BOOST_CHECK(incident().created_at == minute(0));
  put(update_of("u1", State::investigating, 0));
  put(update);
  BOOST_TEST(update_ids() == (Ids{"u3", "u2", "u1"}));
  BOOST_TEST(reader.figures().updates() == 3);
  BOOST_TEST(incident().status == "resolved");
}

BOOST_AUTO_TEST_CASE(a_history_without_ids_is_one_with_its_own_deliveries) {
  auto first = update_of("", State::investigating, 0);
  first.message = "something is wrong";
  put(first);
  auto second = update_of("", State::resolved, 10);
  second.history = {{"", State::investigating, "something is wrong", minute(0)}};
  put(second);
  BOOST_TEST(detail().updates.size() == 2);
}

BOOST_AUTO_TEST_CASE(an_entry_with_neither_id_nor_time_is_left_out) {
  auto update = update_of("u1", State::resolved, 10);
  update.history = {{"", State::investigating, "when was this?", std::nullopt}};
  put(update);
  BOOST_TEST(update_ids() == Ids{"u1"});
}

BOOST_AUTO_TEST_CASE(edited_fields_change_the_incident_without_a_new_update) {
  put(update_of("u1", State::investigating, 0));
  auto edited = update_of("u1", State::investigating, 5);
  edited.name = "Pushes and pulls fail";
  edited.message = "a corrected text";
  put(edited);
  BOOST_TEST(incident().name == "Pushes and pulls fail");
  BOOST_CHECK(incident().updated_at == minute(5));
  BOOST_TEST(reader.figures().updates() == 1);
  BOOST_TEST(detail().updates.at(0).message == "a corrected text");
  BOOST_CHECK(detail().updates.at(0).happened_at == minute(0));
}

BOOST_AUTO_TEST_CASE(an_older_text_does_not_undo_an_edit) {
  auto edited = update_of("u1", State::investigating, 5);
  edited.message = "a corrected text";
  put(edited);
  put(update_of("u1", State::investigating, 0));
  BOOST_TEST(detail().updates.at(0).message == "a corrected text");
  BOOST_CHECK(detail().updates.at(0).happened_at == minute(0));
}

BOOST_AUTO_TEST_CASE(a_repeated_body_without_a_time_does_not_reopen) {
  auto opened = update_of("u1", State::investigating, 0);
  opened.happened_at_known = false;
  put(opened);
  put(update_of("u2", State::resolved, 10));
  opened.happened_at = minute(20);  // when it arrived again
  put(opened);
  BOOST_TEST(incident().status == "resolved");
}

BOOST_AUTO_TEST_CASE(what_a_newer_body_leaves_out_stays) {
  auto first = update_of("u1", State::scheduled, 0);
  first.kind = status::Kind::maintenance;
  first.url = "https://stspg.io/x";
  first.components = {{"c1", "Git", State::operational}};
  first.scheduled_for = minute(60);
  put(first);
  auto second = update_of("u2", State::in_progress, 60);
  second.kind = status::Kind::maintenance;
  second.name.clear();
  put(second);
  BOOST_TEST(incident().status == "in_progress");
  BOOST_TEST(incident().name == "Pushes fail");
  BOOST_TEST(incident().url == "https://stspg.io/x");
  BOOST_TEST(incident().components.size() == 1);
  BOOST_CHECK(incident().scheduled_for == minute(60));
}

BOOST_AUTO_TEST_CASE(newer_components_take_the_place_of_older_ones) {
  auto first = update_of("u1", State::investigating, 0);
  first.components = {{"c1", "Git", State::major_outage}, {"c2", "API", State::major_outage}};
  put(first);
  auto second = update_of("u2", State::monitoring, 10);
  second.components = {{"c1", "Git", State::operational}};
  put(second);
  BOOST_REQUIRE(incident().components.size() == 1);
  BOOST_TEST(incident().components[0].status == "operational");
}

BOOST_AUTO_TEST_CASE(a_component_and_an_incident_may_share_an_id) {
  put(update_of("u1", State::investigating, 0));
  auto component = update_of("u2", State::partial_outage, 5);
  component.kind = status::Kind::component;
  put(component);
  BOOST_TEST(reader.figures().incidents() == 1);
  BOOST_TEST(reader.figures().components() == 1);
  BOOST_TEST(incident().kind == "incident");
  BOOST_TEST(reader.incident("github", "inc", "component")->incident.status == "partial_outage");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
