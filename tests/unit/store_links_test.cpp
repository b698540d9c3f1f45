// One outage told by the webhook of its incident and by those of its components: linked, whatever
// comes first, and shown once.
#include "store/reader/links.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;
using Ids = std::vector<std::string>;

struct LinksFixture : StoreFixture {
  void incident_says(State state, int at, std::vector<status::Component> components,
                     const std::string& id = "inc") {
    auto update = update_of("u" + std::to_string(at), state, at);
    update.incident_id = id;
    update.components = std::move(components);
    put(update);
  }
  void component_says(State state, int at, const std::string& id = "c1",
                      const std::string& provider = "github") {
    auto update = update_of("cu" + std::to_string(at), state, at);
    update.kind = status::Kind::component;
    update.provider = provider;
    update.incident_id = id;
    update.name = "Git";
    update.components = {{id, "Git", state}};
    put(update);
  }
  IncidentRecord component(const std::string& id = "c1", const std::string& provider = "github") {
    return reader.incident(provider, id, "component").value().incident;
  }
  std::string shown_status() { return incident().components.at(0).status; }
  Ids active(IncidentQuery query = {}) {
    query.active = true;
    Ids ids;
    for (const IncidentRecord& entry : reader.incidents(query).incidents) {
      ids.push_back(entry.id);
    }
    return ids;
  }
};

const std::vector<status::Component> kGit{{"c1", "Git", State::partial_outage}};

BOOST_FIXTURE_TEST_SUITE(store_links, LinksFixture)

BOOST_AUTO_TEST_CASE(a_component_told_of_after_its_incident_is_part_of_it) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5);
  BOOST_TEST(component().incident_ids == Ids{"inc"});
  BOOST_TEST(active() == Ids{"inc"});
  BOOST_TEST(incident().incident_ids.empty());
}

BOOST_AUTO_TEST_CASE(a_component_told_of_before_its_incident_is_part_of_it) {
  component_says(State::major_outage, 5);
  BOOST_TEST(component().incident_ids == Ids{});
  BOOST_TEST(active() == Ids{"c1"});
  incident_says(State::investigating, 0, kGit);
  BOOST_TEST(component().incident_ids == Ids{"inc"});
  BOOST_TEST(active() == Ids{"inc"});
}

BOOST_AUTO_TEST_CASE(a_filter_that_the_incident_may_not_pass_leaves_its_component_in) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5);
  BOOST_TEST(active({.kind = "component"}) == Ids{"c1"});
  BOOST_TEST(active({.status = "major_outage"}) == Ids{"c1"});
  BOOST_TEST(active({.impact = "major"}) == (Ids{"c1", "inc"}));
  BOOST_TEST(active({.kind = "incident"}) == Ids{"inc"});
  BOOST_TEST(active({.provider = "github"}) == Ids{"inc"});
  BOOST_TEST(reader.incidents({}).incidents.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_component_that_stays_degraded_when_its_incident_is_over_stands_alone) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::degraded_performance, 5);
  incident_says(State::resolved, 10, {});  // a body that leaves the components out
  BOOST_TEST(component().incident_ids == Ids{});
  BOOST_TEST(active() == Ids{"c1"});
  incident_says(State::investigating, 20, {});
  BOOST_TEST(active() == Ids{"inc"});
  incident_says(State::resolved, 30, kGit);
  BOOST_TEST(active() == Ids{"c1"});
}

BOOST_AUTO_TEST_CASE(an_operational_component_is_part_of_nothing) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::operational, 5);
  BOOST_TEST(component().incident_ids == Ids{});
  BOOST_TEST(active() == Ids{"inc"});
}

BOOST_AUTO_TEST_CASE(a_component_of_another_provider_with_the_same_id_is_another) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5, "c1", "gitlab");
  BOOST_TEST(component("c1", "gitlab").incident_ids == Ids{});
  BOOST_TEST(active() == (Ids{"c1", "inc"}));
  BOOST_TEST(shown_status() == "partial_outage");
}

BOOST_AUTO_TEST_CASE(a_component_that_its_incident_knows_by_name_only_is_found_by_it) {
  incident_says(State::investigating, 0, {{"", "Git", std::nullopt}});
  component_says(State::major_outage, 5);
  BOOST_TEST(component().incident_ids == Ids{"inc"});
  BOOST_TEST(shown_status() == "major_outage");
}

BOOST_AUTO_TEST_CASE(a_component_without_an_id_of_its_own_is_found_by_name) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5, "made-0123");
  BOOST_TEST(component("made-0123").incident_ids == Ids{"inc"});
  BOOST_TEST(shown_status() == "major_outage");
}

BOOST_AUTO_TEST_CASE(a_name_does_not_link_what_ids_tell_apart) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5, "c2");
  BOOST_TEST(component("c2").incident_ids == Ids{});
  BOOST_TEST(shown_status() == "partial_outage");
}

BOOST_AUTO_TEST_CASE(what_is_only_planned_does_not_hide_an_outage) {
  auto planned = update_of("u1", State::scheduled, 0);
  planned.kind = status::Kind::maintenance;
  planned.components = kGit;
  put(planned);
  component_says(State::major_outage, 5);
  BOOST_TEST(active() == (Ids{"c1", "inc"}));
  planned.update_id = "u2";
  planned.state = State::in_progress;
  planned.happened_at = minute(60);
  put(planned);
  BOOST_TEST(active() == Ids{"inc"});
}

BOOST_AUTO_TEST_CASE(a_component_in_two_incidents_names_both_newest_first) {
  incident_says(State::investigating, 0, kGit, "a");
  incident_says(State::investigating, 3, kGit, "b");
  component_says(State::major_outage, 5);
  BOOST_TEST(component().incident_ids == (Ids{"b", "a"}));
}

BOOST_AUTO_TEST_CASE(the_newest_word_of_a_component_is_shown_in_its_open_incident) {
  incident_says(State::investigating, 10, kGit);
  component_says(State::operational, 5);
  BOOST_TEST(shown_status() == "partial_outage");
  component_says(State::major_outage, 15);
  BOOST_TEST(shown_status() == "major_outage");
  BOOST_TEST(reader.incidents({.kind = "incident"}).incidents.at(0).components.at(0).status ==
             "major_outage");
  incident_says(State::monitoring, 20, {});  // tells nothing of components
  BOOST_TEST(shown_status() == "major_outage");
  incident_says(State::monitoring, 30, {{"c1", "Git", State::operational}});
  BOOST_TEST(shown_status() == "operational");
}

BOOST_AUTO_TEST_CASE(an_incident_that_is_over_keeps_what_its_last_body_said) {
  incident_says(State::resolved, 10, {{"c1", "Git", State::operational}});
  component_says(State::major_outage, 99);
  BOOST_TEST(shown_status() == "operational");
}

BOOST_AUTO_TEST_CASE(pages_of_what_is_active_hold_as_many_as_asked_for) {
  incident_says(State::investigating, 0, kGit, "a");
  for (int i = 1; i <= 5; ++i) {
    component_says(State::major_outage, i);
  }
  incident_says(State::investigating, 3, {}, "b");
  IncidentQuery query{.limit = 1, .active = true};
  const IncidentPage first = reader.incidents(query);
  BOOST_TEST(first.incidents.at(0).id == "b");
  query.after = first.next.value();
  const IncidentPage second = reader.incidents(query);
  BOOST_TEST(second.incidents.at(0).id == "a");
  BOOST_CHECK(!second.next);
}

BOOST_AUTO_TEST_CASE(components_are_counted_by_themselves) {
  incident_says(State::investigating, 0, kGit);
  component_says(State::major_outage, 5);
  BOOST_TEST(reader.figures().incidents() == 1);
  BOOST_TEST(reader.figures().components() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
