// What a provider looks like now, and its last 90 days.
#include "store/reader/provider_reader.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::Impact;
using status::Kind;
using status::State;

constexpr int kDay = 24 * 60;

struct ProviderFixture : StoreFixture {
  ProviderView view(int now = 60) { return reader.provider("github", minute(now)).value(); }
  std::vector<std::string> days(int now = 60) {
    std::vector<std::string> days;
    for (const DayRecord& day : view(now).history) {
      days.push_back(day.date + " " + day.status);
    }
    return days;
  }
  void component(const std::string& id, State state, int at) {
    auto update = update_of(id + std::to_string(at), state, at);
    update.kind = Kind::component;
    update.incident_id = id;
    update.name = id;
    update.components = {{id, id, state}};
    put(update);
  }
  void incident(State state, int at, Impact impact = Impact::major) {
    auto update = update_of("u" + std::to_string(at), state, at);
    update.impact = impact;
    put(update);
  }
};

using Days = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(store_provider_reader, ProviderFixture)

BOOST_AUTO_TEST_CASE(one_that_nobody_heard_of_is_none) {
  BOOST_CHECK(!reader.provider("nobody", minute(0)));
}

BOOST_AUTO_TEST_CASE(of_one_whose_bodies_nobody_could_read_nothing_is_known) {
  take(unread_of(1));
  BOOST_TEST(view().status == "unknown");
}

BOOST_AUTO_TEST_CASE(it_is_as_bad_as_its_worst_component_or_incident) {
  component("a", State::operational, 0);
  BOOST_TEST(view().status == "operational");
  component("b", State::degraded_performance, 1);
  BOOST_TEST(view().status == "degraded_performance");
  incident(State::investigating, 2, Impact::critical);
  BOOST_TEST(view().status == "major_outage");
  incident(State::resolved, 3, Impact::critical);
  BOOST_TEST(view().status == "degraded_performance");
}

BOOST_AUTO_TEST_CASE(an_incident_that_does_not_say_how_bad_it_is_is_the_least_that_is_one) {
  incident(State::investigating, 0, Impact::none);
  BOOST_TEST(view().status == "degraded_performance");
}

BOOST_AUTO_TEST_CASE(a_maintenance_counts_while_it_is_under_way) {
  auto work = update_of("m1", State::scheduled, 0);
  work.kind = Kind::maintenance;
  work.impact = Impact::maintenance;
  put(work);
  BOOST_TEST(view().status == "operational");
  BOOST_TEST(view().open.empty());
  work.update_id = "m2";
  work.state = State::in_progress;
  work.happened_at = minute(5);
  put(work);
  BOOST_TEST(view().status == "under_maintenance");
  BOOST_TEST(view().open.size() == 1U);
}

BOOST_AUTO_TEST_CASE(components_come_worst_first_then_by_name) {
  component("b", State::operational, 0);
  component("c", State::major_outage, 1);
  component("a", State::operational, 2);
  component("d", State::partial_outage, 3);
  std::string order;
  for (const ComponentRecord& one : view().components) {
    order += one.name;
  }
  BOOST_TEST(order == "cdab");
  BOOST_TEST(view().components_total == 4);
}

BOOST_AUTO_TEST_CASE(an_incident_marks_each_day_that_it_lasted_into) {
  incident(State::investigating, 0);
  incident(State::resolved, 2 * kDay);
  BOOST_TEST(days(9 * kDay) == (Days{"2026-02-20 partial_outage", "2026-02-21 partial_outage",
                                     "2026-02-22 partial_outage"}));
}

BOOST_AUTO_TEST_CASE(what_is_open_lasts_until_today) {
  incident(State::investigating, 0);
  BOOST_TEST(days(kDay) == (Days{"2026-02-20 partial_outage", "2026-02-21 partial_outage"}));
}

BOOST_AUTO_TEST_CASE(a_component_marks_the_days_between_its_words) {
  component("a", State::major_outage, 0);
  component("a", State::degraded_performance, kDay);
  component("a", State::operational, 3 * kDay);
  BOOST_TEST(days(9 * kDay) ==
             (Days{"2026-02-20 major_outage", "2026-02-21 major_outage",
                   "2026-02-22 degraded_performance", "2026-02-23 degraded_performance"}));
}

BOOST_AUTO_TEST_CASE(ninety_days_are_shown_and_what_began_before_them_counts) {
  component("a", State::major_outage, 0);
  incident(State::investigating, 0);
  incident(State::resolved, 10);
  BOOST_TEST(days(200 * kDay).size() == 90U);
  component("a", State::operational, 1);
  BOOST_TEST(days(89 * kDay) == Days{"2026-02-20 major_outage"});
  BOOST_TEST(days(90 * kDay) == Days{});
}

BOOST_AUTO_TEST_CASE(a_maintenance_marks_the_days_on_which_it_was_under_way) {
  auto work = update_of("m1", State::scheduled, 0);
  work.kind = Kind::maintenance;
  work.impact = Impact::maintenance;
  put(work);
  work.update_id = "m2";
  work.state = State::in_progress;
  work.happened_at = work.received_at = minute(2 * kDay);
  put(work);
  work.update_id = "m3";
  work.state = State::completed;
  work.happened_at = work.received_at = minute(2 * kDay + 60);
  put(work);
  BOOST_TEST(days(9 * kDay) == Days{"2026-02-22 under_maintenance"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reader_learns_who_changed_and_nobody_else) {
  incident(State::investigating, 0);
  std::int64_t revision = -1;
  BOOST_TEST(reader.changed_providers(revision) == std::vector<std::string>{"github"});
  BOOST_TEST(reader.changed_providers(revision).empty());
  auto other = update_of("x", State::investigating, 1);
  other.provider = "gitlab";
  put(other);
  BOOST_TEST(reader.changed_providers(revision) == std::vector<std::string>{"gitlab"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
