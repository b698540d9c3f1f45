// How each component is now, by the words of its own webhooks and of the incidents that list it.
#include "store/archive/component_rows.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::Impact;
using status::State;

struct ComponentRowsFixture : StoreFixture {
  // Of the one component of GitHub, "Git".
  std::string now() {
    auto row = database.prepare("SELECT status FROM components WHERE provider = 'github'");
    return row.step() ? std::string(row.text(0)) : "none";
  }
  std::int64_t count() {
    auto row = database.prepare("SELECT count(*) FROM components");
    return row.step() ? row.integer(0) : -1;
  }
};

status::StatusUpdate told_by_incident(State state, int at,
                                      std::vector<status::Component> components,
                                      const std::string& id = "inc") {
  auto update = update_of(id + std::to_string(at), state, at);
  update.incident_id = id;
  update.components = std::move(components);
  return update;
}

status::StatusUpdate maintenance(State state, int at, std::vector<status::Component> components) {
  auto update = told_by_incident(state, at, std::move(components), "work");
  update.kind = status::Kind::maintenance;
  update.impact = Impact::maintenance;
  return update;
}

status::StatusUpdate own(State state, int at, const std::string& id = "c1") {
  auto update = update_of("own" + std::to_string(at), state, at);
  update.kind = status::Kind::component;
  update.incident_id = id;
  update.name = "Git";
  update.components = {{id, "Git", state}};
  return update;
}

std::vector<status::Component> git(std::optional<State> state) { return {{"c1", "Git", state}}; }

BOOST_FIXTURE_TEST_SUITE(store_component_rows, ComponentRowsFixture)

struct Case {
  const char* what;
  std::vector<status::StatusUpdate> told;
  const char* now;
};

// Every order of arrival, because the present follows from what was told and when.
BOOST_AUTO_TEST_CASE(the_newest_word_counts_whoever_says_it) {
  const std::vector<Case> cases{
      {"its own word", {own(State::major_outage, 0)}, "major_outage"},
      {"its own later word",
       {own(State::major_outage, 0), own(State::operational, 5)},
       "operational"},
      {"an incident's",
       {told_by_incident(State::investigating, 0, git(State::partial_outage))},
       "partial_outage"},
      {"the incident's later word heals what its own webhook said",
       {own(State::major_outage, 0),
        told_by_incident(State::investigating, 1, git(State::major_outage)),
        told_by_incident(State::resolved, 9, git(State::operational))},
       "operational"},
      {"its own later word beats the incident's",
       {told_by_incident(State::investigating, 0, git(State::major_outage)),
        own(State::degraded_performance, 5)},
       "degraded_performance"},
      {"an end without a list takes back what was said",
       {told_by_incident(State::investigating, 0, git(State::major_outage)),
        told_by_incident(State::resolved, 9, {})},
       "operational"},
      {"but not what its own webhook says",
       {told_by_incident(State::investigating, 0, git(State::major_outage)),
        own(State::partial_outage, 5), told_by_incident(State::resolved, 9, {})},
       "partial_outage"},
      {"nor what another incident says",
       {told_by_incident(State::investigating, 0, git(State::major_outage), "a"),
        told_by_incident(State::investigating, 1, git(State::partial_outage), "b"),
        told_by_incident(State::resolved, 9, {}, "b")},
       "major_outage"},
      {"a review that lists nothing leaves the last word",
       {own(State::major_outage, 0),
        told_by_incident(State::investigating, 1, git(State::major_outage)),
        told_by_incident(State::resolved, 9, git(State::operational)),
        told_by_incident(State::postmortem, 99, {})},
       "operational"},
      {"what is planned says nothing of now",
       {maintenance(State::scheduled, 0, git(State::under_maintenance))},
       "operational"},
      {"what has begun does",
       {maintenance(State::scheduled, 0, git(State::operational)),
        maintenance(State::in_progress, 5, {})},
       "under_maintenance"},
      {"and its end",
       {maintenance(State::in_progress, 5, git(State::under_maintenance)),
        maintenance(State::completed, 9, {})},
       "operational"},
      {"listed without a word it is as bad as the incident",
       {told_by_incident(State::investigating, 0, git(std::nullopt))},
       "partial_outage"},
      {"unless it says better itself, later",
       {told_by_incident(State::investigating, 0, git(std::nullopt)), own(State::operational, 5)},
       "operational"},
      {"or worse at any time",
       {own(State::major_outage, 0), told_by_incident(State::investigating, 5, git(std::nullopt))},
       "major_outage"},
      {"until it is over",
       {told_by_incident(State::investigating, 0, git(std::nullopt)),
        told_by_incident(State::resolved, 5, git(std::nullopt))},
       "operational"},
      {"an incident that no longer lists it",
       {told_by_incident(State::investigating, 0, git(State::major_outage)),
        told_by_incident(State::identified, 5, {{"c2", "Git", State::operational}})},
       "operational"},
  };
  for (const Case& one : cases) {
    for_each_order(one.told.size(), [&](const std::vector<std::size_t>& order) {
      ComponentRowsFixture world;
      for (const std::size_t i : order) {
        world.put(one.told[i]);
      }
      // One that only an outdated body listed may not be known at all.
      auto row = world.database.prepare(
          "SELECT coalesce((SELECT status FROM components WHERE component_id = 'c1'), "
          "'operational')");
      BOOST_TEST_REQUIRE(row.step());
      BOOST_TEST(row.text(0) == one.now, one.what);
    });
  }
}

BOOST_AUTO_TEST_CASE(a_body_told_again_is_no_news_until_somebody_else_spoke) {
  put(told_by_incident(State::investigating, 0, git(State::major_outage)));
  put(told_by_incident(State::identified, 5, git(State::major_outage)));
  BOOST_TEST(now() == "major_outage");
  put(own(State::operational, 3));  // older than the incident's newest body
  BOOST_TEST(now() == "major_outage");
  put(own(State::operational, 7));
  BOOST_TEST(now() == "operational");
  put(told_by_incident(State::identified, 9, git(State::major_outage)));
  BOOST_TEST(now() == "major_outage");
}

BOOST_AUTO_TEST_CASE(one_is_known_by_id_or_by_name_where_there_is_none) {
  put(told_by_incident(State::investigating, 0, {{"", "Git", State::major_outage}}));
  put(own(State::operational, 5));
  put(own(State::partial_outage, 6, "made-0123"));
  BOOST_TEST(count() == 1);
  BOOST_TEST(now() == "partial_outage");
  put(own(State::partial_outage, 6, "c2"));
  BOOST_TEST(count() == 2);
}

BOOST_AUTO_TEST_CASE(a_new_name_is_kept) {
  put(own(State::major_outage, 0));
  auto renamed = own(State::operational, 5);
  renamed.name = "Git Operations";
  renamed.components.at(0).name = "Git Operations";
  put(renamed);
  auto row = database.prepare("SELECT name FROM components");
  BOOST_TEST_REQUIRE(row.step());
  BOOST_TEST(row.text(0) == "Git Operations");
}

// The body that makes it worse need not list the components again.
BOOST_AUTO_TEST_CASE(one_that_is_listed_without_a_word_follows_the_impact) {
  auto mild = told_by_incident(State::investigating, 0, git({}));
  mild.impact = Impact::minor;
  put(mild);
  BOOST_TEST(now() == "degraded_performance");
  auto grave = told_by_incident(State::identified, 5, {});
  grave.impact = Impact::critical;
  put(grave);
  BOOST_TEST(now() == "major_outage");
}

// Thousands may be open at once after an outage of everything.
BOOST_AUTO_TEST_CASE(of_many_incidents_that_speak_at_the_same_time_the_worst_word_counts) {
  for (int i = 0; i < 300; ++i) {
    const State word = i == 150 ? State::major_outage : State::degraded_performance;
    put(told_by_incident(State::investigating, 0, git(word), "said" + std::to_string(i)));
    put(told_by_incident(State::investigating, 0, git({}), "silent" + std::to_string(i)));
  }
  BOOST_TEST(now() == "major_outage");
  put(told_by_incident(State::resolved, 1, git(State::operational), "said150"));
  BOOST_TEST(now() == "operational");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
