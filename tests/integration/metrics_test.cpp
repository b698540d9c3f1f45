// What Prometheus scrapes of the receiver and the store, judged by its own promtool, after webhooks
// as they come and as strangers make them up.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <map>
#include <regex>
#include <set>

#include "lib/storage/database.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

// One answer of /metrics.
struct Scrape {
  explicit Scrape(std::string answer) : text(std::move(answer)) {
    for (const std::string& line : lines_of(text)) {
      if (line.starts_with("# TYPE ")) {
        const std::size_t end = line.find(' ', 7);
        types[line.substr(7, end - 7)] = line.substr(end + 1);
      } else if (!line.starts_with('#')) {
        const std::size_t end = line.rfind(' ');
        BOOST_TEST(values.emplace(line.substr(0, end), std::stod(line.substr(end + 1))).second,
                   "twice: " << line);
      }
    }
  }

  // A series as it is written: name{label="value"}. Less than nothing when it is absent.
  double value(const std::string& series) const {
    const auto found = values.find(series);
    return found == values.end() ? -1 : found->second;
  }
  double sum(const std::string& name) const {
    double sum = 0;
    for (const auto& [series, value] : values) {
      sum += series.starts_with(name + '{') ? value : 0;
    }
    return sum;
  }
  // Counters, and what histograms consist of.
  bool only_grows(const std::string& series) const {
    std::string name = series.substr(0, series.find('{'));
    const auto type = types.find(name);
    if (type != types.end()) {
      return type->second == "counter";
    }
    name.erase(name.rfind('_'));
    return types.at(name) == "histogram";
  }

  std::string text;
  std::map<std::string, double> values;
  std::map<std::string, std::string> types;
};

struct Watched : Pipeline {
  Watched() {
    receiver = start_receiver();
    store = start_store();
  }
  Scrape of_receiver() { return Scrape(client.get(receiver_url("/metrics")).body); }
  Scrape of_store() { return Scrape(client.get(store_url("/metrics")).body); }
  void post(std::string_view body, const std::string& path = "/webhook/auto") {
    BOOST_TEST(client.post(receiver_url(path), body).status == 200);
  }
  // Until the store has applied all that was posted.
  void settle() {
    const double posted = of_receiver().value("status_receiver_journal_last_seq");
    BOOST_TEST(ask_until([&] {
      const Scrape store_now = of_store();
      return store_now.sum("status_store_last_seq") == posted &&
             store_now.value("status_store_lag_events") == 0;
    }));
  }
};

// Nothing it finds is let pass.
void check_with_promtool(const std::string& text) {
  Process promtool({.program = "promtool", .arguments = {"check", "metrics"}, .with_input = true});
  promtool.write_input(text);
  promtool.close_input();
  BOOST_TEST(promtool.wait() == 0);
  BOOST_TEST(promtool.text(Stream::out) + promtool.text(Stream::err) == "");
}

// Every body of tests/data but Amazon's, which are not taken unsigned.
void post_real_bodies(Watched& watched) {
  const std::filesystem::path data = source_root() / "tests/data";
  for (const auto& file : std::filesystem::recursive_directory_iterator(data)) {
    if (file.path().extension() != ".json") {
      continue;
    }
    if (const std::string body = read_file(file.path());
        body.find("\"TopicArn\"") == std::string::npos) {
      watched.post(body);
    }
  }
}

void post_hostile_names(Watched& watched) {
  for (const char* name : {R"(a\"} 9\nstatus_store_failing{x=\")", R"(back\\slash\\)",
                           R"(Ünïcödé \u202e \u2028)", R"(other)", R"({provider=\"github\"})"}) {
    watched.post(
        fmt::format(R"({{"page":{{"id":"p","name":"{0}"}},"incident":{{"id":"{0}","name":"{0}",)"
                    R"("status":"investigating","impact":"{0}","incident_updates":[]}}}})",
                    name));
  }
}

void check_buckets(const Scrape& scrape) {
  std::string family;
  double before = 0;
  for (const std::string& line : lines_of(scrape.text)) {
    const std::size_t bucket = line.find("_bucket{");
    if (bucket == std::string::npos || line.starts_with('#')) {
      continue;
    }
    const std::string name = line.substr(0, bucket);
    const double value = std::stod(line.substr(line.rfind(' ')));
    BOOST_TEST((name != family || value >= before), line);
    if (line.find("le=\"+Inf\"") != std::string::npos) {
      BOOST_TEST(value == scrape.value(name + "_count"), line);
    }
    family = name;
    before = value;
  }
  BOOST_TEST(!family.empty());
}

void check_nothing_fell(const Scrape& before, const Scrape& now) {
  for (const auto& [series, value] : before.values) {
    if (before.only_grows(series)) {
      BOOST_TEST(now.value(series) >= value, series << ' ' << value << " -> " << now.value(series));
    }
  }
}

BOOST_AUTO_TEST_SUITE(Metrics)

BOOST_AUTO_TEST_CASE(promtool_finds_nothing_after_real_and_hostile_webhooks) {
  Watched watched;
  check_with_promtool(watched.of_receiver().text);
  check_with_promtool(watched.of_store().text);
  post_real_bodies(watched);
  post_hostile_names(watched);
  watched.settle();
  for (const Scrape& scrape : {watched.of_receiver(), watched.of_store()}) {
    check_with_promtool(scrape.text);
    check_buckets(scrape);
  }
}

BOOST_AUTO_TEST_CASE(what_is_told_by_kind_and_provider_adds_up_to_the_totals) {
  Watched watched;
  post_real_bodies(watched);
  post_hostile_names(watched);
  watched.settle();
  const Json health(watched.client.get(watched.store_url("/health")).body);
  const Scrape of_store = watched.of_store();
  const double updates = static_cast<double>(health["total_updates"].integer().value_or(-1));
  BOOST_TEST(updates > 100);
  BOOST_TEST(of_store.sum("status_store_updates_total") == updates);
  BOOST_TEST(of_store.value("status_store_unrecognised_total") ==
             static_cast<double>(health["unrecognised"].integer().value_or(-1)));
  const Scrape of_receiver = watched.of_receiver();
  const double webhooks = of_receiver.value("status_receiver_webhooks_total");
  BOOST_TEST(of_receiver.sum("status_receiver_format_webhooks_total") == webhooks);
  BOOST_TEST(of_receiver.sum("status_receiver_provider_webhooks_total") == webhooks);
  BOOST_TEST(of_receiver.value("status_receiver_commit_events_sum") == webhooks);
  BOOST_TEST(of_store.value("status_store_commit_events_sum") == webhooks);
}

BOOST_AUTO_TEST_CASE(no_counter_goes_back_while_webhooks_come) {
  Watched watched;
  Senders senders(watched.webhook_url(), 2);
  senders.allow_without_end();
  Scrape receiver_before = watched.of_receiver();
  Scrape store_before = watched.of_store();
  for (int scrape = 1; scrape <= 20; ++scrape) {
    BOOST_TEST(senders.wait_for_accepted(static_cast<std::size_t>(scrape) * 10));
    const Scrape receiver_now = watched.of_receiver();
    const Scrape store_now = watched.of_store();
    check_nothing_fell(receiver_before, receiver_now);
    check_nothing_fell(store_before, store_now);
    receiver_before = receiver_now;
    store_before = store_now;
  }
  BOOST_TEST(receiver_before.value("status_receiver_webhooks_total") >= 200);
}

BOOST_AUTO_TEST_CASE(names_made_up_by_strangers_are_bounded_and_hide_nobody_known) {
  constexpr int kMadeUp = 230;
  Watched watched;
  for (int i = 0; i < kMadeUp; ++i) {
    watched.post(incident_body("inc"), "/webhook/statuspage/made-up-" + std::to_string(i));
  }
  watched.post(incident_body("inc"), "/webhook/statuspage/github");
  const Scrape scrape = watched.of_receiver();
  const std::string name = "status_receiver_provider_webhooks_total";
  BOOST_TEST(scrape.value(name + "{provider=\"made-up-0\"}") == 1);
  BOOST_TEST(scrape.value(name + "{provider=\"other\"}") == 30);
  BOOST_TEST(scrape.value(name + "{provider=\"github\"}") == 1);
}

BOOST_AUTO_TEST_CASE(an_event_counts_as_delayed_while_the_store_runs_not_while_it_is_stopped) {
  Watched watched;
  watched.store->terminate();
  watched.post(incident_body("while-away"), "/webhook/statuspage");
  watched.store = watched.start_store();
  watched.settle();
  const std::string count = "status_store_apply_delay_seconds_count";
  BOOST_TEST(watched.of_store().value("status_store_commit_events_sum") == 1);
  BOOST_TEST(watched.of_store().value(count) == 0);
  watched.post(incident_body("while-here"), "/webhook/statuspage");
  watched.settle();
  BOOST_TEST(watched.of_store().value(count) == 1);
  BOOST_TEST(watched.of_store().value("status_store_lag_seconds") == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_applied_is_as_late_as_it_is_old) {
  Watched watched;
  watched.settle();
  auto intruder =
      storage::Database::open(watched.path("state/status-monitor/status-store/store.db"),
                              storage::Database::Mode::read_write);
  intruder.execute("BEGIN IMMEDIATE");  // nobody else may write
  watched.post(incident_body("stuck"), "/webhook/statuspage");
  double lag = 0;
  BOOST_TEST(ask_until([&] {
    lag = watched.of_store().value("status_store_lag_seconds");
    return lag > 0;
  }));
  BOOST_TEST(ask_until([&] { return watched.of_store().value("status_store_failing") == 1; }));
  const Scrape stuck = watched.of_store();
  BOOST_TEST(stuck.value("status_store_lag_seconds") > lag);
  BOOST_TEST(stuck.value("status_store_lag_events") == -1);
  BOOST_TEST(stuck.value("status_store_apply_delay_seconds_count") == 0);
  intruder.execute("ROLLBACK");
  watched.settle();
  BOOST_TEST(watched.of_store().value("status_store_lag_seconds") == 0);
  BOOST_TEST(watched.of_store().value("status_store_apply_delay_seconds_sum") > lag);
}

BOOST_AUTO_TEST_CASE(the_alerts_of_the_examples_are_rules_and_ask_for_what_there_is) {
  const std::string file = source_root() / "examples/alerts.yml";
  Process promtool({.program = "promtool", .arguments = {"check", "rules", file}});
  BOOST_TEST(promtool.wait() == 0, promtool.text(Stream::err));
  Watched watched;
  watched.settle();
  const std::string all = watched.of_receiver().text + watched.of_store().text;
  const std::string rules = read_file(file);
  const std::regex name("status_(receiver|store)_[a-z_]+");
  std::set<std::string> asked;
  for (std::sregex_iterator found(rules.begin(), rules.end(), name);
       found != std::sregex_iterator(); ++found) {
    asked.insert(found->str());
  }
  BOOST_TEST(asked.size() > 5U);
  for (const std::string& one : asked) {
    BOOST_TEST(all.find("# TYPE " + one + ' ') != std::string::npos, one);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
