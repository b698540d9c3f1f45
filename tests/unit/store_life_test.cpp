// The table of an incident's life, and that it gives one end for every order of arrival.
#include "store/archive/life.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::Kind;
using status::State;

const std::vector<std::pair<Kind, std::vector<State>>> kKinds{
    {Kind::incident,
     {State::investigating, State::identified, State::monitoring, State::resolved,
      State::postmortem}},
    {Kind::maintenance, {State::scheduled, State::in_progress, State::verifying, State::completed}},
    {Kind::component,
     {State::operational, State::degraded_performance, State::partial_outage, State::major_outage,
      State::under_maintenance}}};

BOOST_AUTO_TEST_SUITE(store_life)

BOOST_AUTO_TEST_CASE(the_table_has_each_step_once) {
  for (const Phase from : {Phase::planned, Phase::open, Phase::over, Phase::reviewed}) {
    for (const Phase to : {Phase::planned, Phase::open, Phase::over, Phase::reviewed}) {
      BOOST_TEST(std::count_if(kLife.begin(), kLife.end(), [&](const Step& step) {
                   return step.stands == from && step.comes == to;
                 }) == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_newer_body_stands_and_an_older_one_does_not) {
  for (const auto& [kind, states] : kKinds) {
    for (const State stands : states) {
      for (const State comes : states) {
        BOOST_TEST(supersedes(stands, Order::newer, comes));
        BOOST_TEST(!supersedes(stands, Order::older, comes));
      }
    }
  }
}

// Else the end would depend on who came first.
BOOST_AUTO_TEST_CASE(of_two_states_at_one_time_one_stands_whatever_comes_first) {
  for (const auto& [kind, states] : kKinds) {
    for (const State a : states) {
      for (const State b : states) {
        const State ab = supersedes(a, Order::same_time, b) ? b : a;
        const State ba = supersedes(b, Order::same_time, a) ? a : b;
        BOOST_TEST((ab == ba), word(a) << " and " << word(b));
        BOOST_TEST(is_over(ab) == (is_over(a) || is_over(b)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_time_far_ahead_is_not_believed) {
  BOOST_CHECK(effective_time(minute(70), minute(5)) == minute(5));
  BOOST_CHECK(effective_time(minute(14), minute(5)) == minute(14));
  BOOST_CHECK(effective_time(minute(0), minute(5)) == minute(0));
}

BOOST_FIXTURE_TEST_CASE(a_body_from_the_future_does_not_hold_an_incident, StoreFixture) {
  auto ahead = update_of("u1", State::investigating, 0);
  ahead.happened_at = minute(60 * 24 * 365);
  put(ahead);
  put(ahead);  // and is still one update
  put(update_of("u2", State::resolved, 5));
  BOOST_TEST(incident().status == "resolved");
  BOOST_CHECK(incident().updated_at == minute(5));
  BOOST_TEST(update_ids().size() == 2U);
}

struct Life {
  const char* what;
  Kind kind;
  std::vector<std::pair<State, int>> told;  // and when, in minutes
  State stands;
  std::optional<int> resolved_at;
};

const std::vector<Life> kLives{
    {"in order",
     Kind::incident,
     {{State::investigating, 0}, {State::identified, 5}, {State::resolved, 9}},
     State::resolved,
     9},
    {"reopened",
     Kind::incident,
     {{State::investigating, 0}, {State::resolved, 5}, {State::investigating, 9}},
     State::investigating,
     {}},
    {"reopened and ended again",
     Kind::incident,
     {{State::resolved, 5}, {State::identified, 7}, {State::resolved, 9}},
     State::resolved,
     9},
    {"reviewed after its end",
     Kind::incident,
     {{State::investigating, 0}, {State::resolved, 5}, {State::postmortem, 99}},
     State::postmortem,
     5},
    {"reopened after its review",
     Kind::incident,
     {{State::resolved, 5}, {State::postmortem, 9}, {State::investigating, 12}},
     State::investigating,
     {}},
    {"told afterwards", Kind::incident, {{State::resolved, 5}}, State::resolved, 5},
    {"two steps at one time",
     Kind::incident,
     {{State::investigating, 5}, {State::resolved, 5}},
     State::resolved,
     5},
    {"a maintenance",
     Kind::maintenance,
     {{State::scheduled, 0}, {State::in_progress, 5}, {State::verifying, 7}, {State::completed, 9}},
     State::completed,
     9},
    {"a maintenance that is put off",
     Kind::maintenance,
     {{State::scheduled, 0}, {State::in_progress, 5}, {State::scheduled, 7}},
     State::scheduled,
     {}},
    {"a maintenance that is called off",
     Kind::maintenance,
     {{State::scheduled, 0}, {State::completed, 5}},
     State::completed,
     5},
    {"a component",
     Kind::component,
     {{State::degraded_performance, 0}, {State::major_outage, 5}, {State::operational, 9}},
     State::operational,
     9},
    {"a component that breaks again",
     Kind::component,
     {{State::major_outage, 0}, {State::operational, 5}, {State::partial_outage, 9}},
     State::partial_outage,
     {}},
};

BOOST_AUTO_TEST_CASE(every_order_of_arrival_ends_alike) {
  for (const Life& life : kLives) {
    for_each_order(life.told.size(), [&](const std::vector<std::size_t>& order) {
      StoreFixture world;
      for (const std::size_t i : order) {
        auto update = update_of("u" + std::to_string(i), life.told[i].first, life.told[i].second);
        update.kind = life.kind;
        world.put(update);
        world.put(update);  // repeated
      }
      const IncidentRecord record = world.incident();
      BOOST_TEST(record.status == word(life.stands), life.what);
      BOOST_TEST((record.resolved_at ==
                  (life.resolved_at ? std::optional(minute(*life.resolved_at)) : std::nullopt)),
                 life.what);
      BOOST_TEST(world.update_ids().size() == life.told.size(), life.what);
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
