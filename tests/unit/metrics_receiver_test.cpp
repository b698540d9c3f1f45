// What the receiver's /metrics tells.
#include <boost/test/unit_test.hpp>

#include "receiver/journal.h"
#include "receiver/report.h"
#include "tests/support/temp_dir.h"

namespace monitor::receiver {
namespace {

using namespace std::chrono_literals;

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct ReportFixture {
  std::string text() { return metrics(counters, server, now).body; }

  Counters counters;
  http::Server server{http::ServerSettings{}};
  system::Time now = system::from_microseconds(1771597925123456);
};

BOOST_FIXTURE_TEST_SUITE(receiver_metrics, ReportFixture)

BOOST_AUTO_TEST_CASE(webhooks_are_told_by_format_and_by_provider) {
  counters.by_format.add("statuspage", true);
  counters.by_provider.add("github", true);
  counters.by_provider.add("github", true);
  const std::string text = this->text();
  BOOST_TEST(holds(text, "\nstatus_receiver_format_webhooks_total{format=\"statuspage\"} 1\n"));
  BOOST_TEST(holds(text, "\nstatus_receiver_provider_webhooks_total{provider=\"github\"} 2\n"));
}

BOOST_AUTO_TEST_CASE(made_up_providers_are_bounded) {
  for (std::size_t i = 0; i < kMostStrangers + 5; ++i) {
    counters.by_provider.add("made-up-" + std::to_string(i), false);
  }
  BOOST_TEST(holds(text(), "_webhooks_total{provider=\"other\"} 5\n"));
}

BOOST_AUTO_TEST_CASE(the_age_of_the_oldest_event_is_absent_while_there_is_none) {
  BOOST_TEST(!holds(text(), "oldest_age"));
  counters.oldest_at = system::to_microseconds(now - 90s);
  BOOST_TEST(holds(text(), "\nstatus_receiver_journal_oldest_age_seconds 90\n"));
  counters.oldest_at = system::to_microseconds(now + 90s);  // the clock was set back
  BOOST_TEST(holds(text(), "\nstatus_receiver_journal_oldest_age_seconds 0\n"));
}

BOOST_AUTO_TEST_CASE(commits_and_replays_are_timed) {
  counters.commit_time.observe(2ms);
  counters.commit_events.observe(7);
  counters.replay_time.observe(3ms);
  const std::string text = this->text();
  for (const char* line :
       {"\nstatus_receiver_commit_seconds_bucket{le=\"0.001\"} 0\n",
        "\nstatus_receiver_commit_seconds_bucket{le=\"0.0025\"} 1\n",
        "\nstatus_receiver_commit_events_sum 7\n", "\nstatus_receiver_replay_seconds_count 1\n"}) {
    BOOST_TEST_CONTEXT(line) { BOOST_TEST(holds(text, line)); }
  }
}

BOOST_AUTO_TEST_CASE(the_journal_knows_when_its_oldest_event_arrived) {
  const tests::TempDir directory;
  Journal journal(directory.path());
  BOOST_CHECK(!journal.oldest_at());
  feed::Event first;
  first.received_at = now;
  feed::Event second;
  second.received_at = now + 1s;
  feed::Event* const events[] = {&first, &second};
  BOOST_REQUIRE(!journal.append(events));
  BOOST_CHECK(journal.oldest_at() == now);
  journal.retire({.age = 1h}, now + 2h, 100);
  BOOST_CHECK(journal.oldest_at() == now + 1s);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::receiver
