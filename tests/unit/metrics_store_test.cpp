// What the store's /metrics tells, and how it is measured.
#include <boost/test/unit_test.hpp>

#include "store/api/metrics.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;
using status::State;

constexpr std::chrono::microseconds kNothing{0};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::uint64_t count(const metrics::Histogram& histogram) { return histogram.read().at_most.back(); }

struct MetricsFixture : StoreFixture {
  std::string text() { return metrics.text(reader.figures(), minute(60)); }

  SharedCondition condition;
  Metrics metrics{condition};
};

BOOST_AUTO_TEST_SUITE(store_lag)

BOOST_AUTO_TEST_CASE(is_nothing_when_all_is_applied_and_unknown_until_a_receiver_answered) {
  BOOST_CHECK(!Condition{}.lag_time(minute(0)));
  BOOST_CHECK((Condition{.feed = Feed::following, .lag = 0, .trouble = ""}.lag_time(minute(0)) ==
               kNothing));
}

BOOST_AUTO_TEST_CASE(is_unknown_while_what_is_missing_has_not_come) {
  const Condition condition{.feed = Feed::following, .lag = 3, .trouble = ""};
  BOOST_CHECK(!condition.lag_time(minute(0)));
}

BOOST_AUTO_TEST_CASE(is_the_age_of_the_oldest_even_when_nothing_can_be_kept) {
  const Condition condition{.feed = Feed::following,
                            .lag = std::nullopt,
                            .trouble = "disk full",
                            .waiting_since = minute(1)};
  BOOST_CHECK(condition.lag_time(minute(3)) == 2min);
  BOOST_CHECK(condition.lag_time(minute(0)) == kNothing);  // a clock that is ahead of ours
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(store_measures)

Arrival arrival_at(int received, status::StatusUpdate update) {
  Arrival arrival = arrival_of(1, {std::move(update)});
  arrival.received_at = minute(received);
  return arrival;
}

BOOST_AUTO_TEST_CASE(a_commit_counts_once_and_each_of_its_events_with_its_delays) {
  Measures measures(minute(0));
  const std::vector<Arrival> arrivals{arrival_at(2, update_of("u1", State::investigating, 1)),
                                      arrival_at(5, update_of("u2", State::resolved, 1))};
  measures.observe({arrivals, minute(6), 5ms});
  BOOST_TEST(measures.commit_time.read().sum == 0.005);
  BOOST_TEST(measures.commit_events.read().sum == 2.0);
  BOOST_TEST(count(measures.apply_delay) == 2U);
  BOOST_TEST(measures.apply_delay.read().sum == 60.0 * (4 + 1));
  BOOST_TEST(measures.sender_delay.read().sum == 60.0 * (1 + 4));
}

BOOST_AUTO_TEST_CASE(what_arrived_before_the_start_has_no_delay) {
  Measures measures(minute(3));
  const std::vector<Arrival> arrivals{arrival_at(2, update_of("u1", State::investigating, 1))};
  measures.observe({arrivals, minute(6), 5ms});
  BOOST_TEST(count(measures.commit_time) == 1U);
  BOOST_TEST(count(measures.apply_delay) == 0U);
  BOOST_TEST(count(measures.sender_delay) == 0U);
}

BOOST_AUTO_TEST_CASE(a_sender_is_late_only_by_its_own_time_of_something_new) {
  Measures measures(minute(0));
  auto undated = update_of("u1", State::investigating, 1);
  undated.happened_at_known = false;
  auto test = update_of("u2", State::investigating, 1);
  test.test = true;
  auto old = update_of("u3", State::resolved, 1);
  old.happened_at = minute(2) - kMostSenderDelay - 1us;
  auto ancient = update_of("u4", State::resolved, 1);
  ancient.happened_at = system::Time(std::chrono::sys_days(std::chrono::year(1) / 1 / 1));
  for (const auto& update : {undated, test, old, ancient}) {
    const std::vector<Arrival> arrivals{arrival_at(2, update)};
    measures.observe({arrivals, minute(6), 5ms});
  }
  BOOST_TEST(count(measures.apply_delay) == 4U);
  BOOST_TEST(count(measures.sender_delay) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(store_metrics, MetricsFixture)

BOOST_AUTO_TEST_CASE(tells_how_far_behind_and_how_large_it_is) {
  put(update_of("u1", State::investigating, 0));
  BOOST_TEST(!holds(text(), "status_store_lag_"));
  condition.set(
      {.feed = Feed::following, .lag = 1, .trouble = "", .waiting_since = minute(60) - 1500ms});
  const std::string text = this->text();
  for (const char* line :
       {"\nstatus_store_lag_events 1\n", "\nstatus_store_lag_seconds 1.5\n",
        "\nstatus_store_feed_up 1\n", "\nstatus_store_build_info{version=",
        "\nstatus_store_apply_delay_seconds_bucket{le=\"+Inf\"} 0\n",
        "\nstatus_store_provider_heard_timestamp_seconds{provider=\"github\"} 1771588860\n"}) {
    BOOST_TEST_CONTEXT(line) { BOOST_TEST(holds(text, line)); }
  }
  BOOST_TEST(!holds(text, "\nstatus_store_database_bytes 0\n"));
}

// A database whose providers are more than are told apart: "loud" tells most.
BOOST_AUTO_TEST_CASE(providers_beyond_the_bound_are_one_and_nothing_is_lost_in_the_sum) {
  database.execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
      "INSERT INTO tallies SELECT 'p' || i, 'incident', 1, 1, 2 FROM n;"
      "INSERT INTO tallies VALUES('zz-loud', 'incident', 1, 0, 50), ('other', 'incident', 1, 0, "
      "3)");
  const std::string first = text();
  BOOST_TEST(holds(first, "_updates_total{provider=\"zz-loud\",kind=\"incident\"} 50\n"));
  // "other" itself is one of the 500 told apart; with it come the 102 that are not.
  BOOST_TEST(holds(first, "_updates_total{provider=\"other\",kind=\"incident\"} 207\n"));
  // Whoever becomes loud later stays among them, so that no counter goes back.
  database.execute("UPDATE tallies SET updates = 1000 WHERE provider = 'p99'");
  BOOST_TEST(!holds(text(), "_updates_total{provider=\"p99\","));
  BOOST_TEST(holds(text(), "_updates_total{provider=\"other\",kind=\"incident\"} 1205\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
