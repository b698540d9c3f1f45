#include "sinks/delivery/loop.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>

#include "lib/system/error.h"
#include "tests/support/bodies.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using namespace std::chrono_literals;
using system::Signal;

namespace {

using Words = std::vector<std::string>;

// An update of its own for each message.
std::string told(const std::string& id, const std::string& message,
                 const std::string& impact = "minor") {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"{0}",)"
      R"("status":"investigating","impact":"{2}","incident_updates":[{{"id":"{0} {1}",)"
      R"("status":"investigating","body":"{1}"}}]}}}})",
      id, message, impact);
}

// A feed that is a list. When all of it is handed out and the loop would wait, it sends TERM.
class ListSource : public EventSource {
 public:
  explicit ListSource(std::deque<Signal>& signals) : signals_(signals) {}

  void add(std::uint64_t seq, std::string body) {
    events_.push_back({.stream = "s",
                       .seq = seq,
                       .received_at = received_at,
                       .format = "statuspage",
                       .provider = "test-page",
                       .provider_name = "Test Page",
                       .test = false,
                       .body = std::move(body)});
  }
  void add_incident(std::uint64_t seq, const std::string& id) {
    add(seq, tests::incident_body(id));
  }

  std::optional<feed::Event> next(std::chrono::milliseconds patience, std::span<pollfd>) override {
    if (!events_.empty()) {
      feed::Event event = std::move(events_.front());
      events_.pop_front();
      progress_.cursors[event.stream] = event.seq;
      return event;
    }
    if (patience > 0ms && ++waits_ > 1) {
      signals_.push_back(Signal::terminate);
    }
    return std::nullopt;
  }
  feed::Subscriber::Progress progress() const override { return progress_; }

  system::Time received_at = system::from_microseconds(1'771'588'800'000'000);
  feed::Subscriber::Progress progress_{.following = true, .cursors = {}};

 private:
  std::deque<Signal>& signals_;
  std::deque<feed::Event> events_;
  int waits_ = 0;
};

// Writes down what happens, in order, and answers as it was told to.
class RecordingSink : public Sink {
 public:
  explicit RecordingSink(Ledger& ledger) : ledger_(ledger) {}

  Outcome deliver(const Delivery& delivery) override {
    const std::string& id = delivery.update.incident_id;
    happened.push_back(id);
    json.push_back(delivery.json);
    remembered.push_back(delivery.remembered);
    if (on_delivery) {
      on_delivery(id);
    }
    auto& answers = answers_[id];
    if (answers.empty()) {
      return Outcome::delivered();
    }
    Outcome outcome = answers.front();
    answers.pop_front();
    return outcome;
  }
  Outcome announce(const Missed& missed) override {
    happened.push_back(fmt::format("{} of {}", missed.updates, missed.incidents));
    return Outcome::delivered();
  }
  void settle() override {
    const auto cursors = ledger_.cursors();
    const auto found = cursors.find("s");
    happened.push_back(fmt::format(
        "settle at {}", found == cursors.end() ? "nothing" : std::to_string(found->second)));
    if (settle_fails) {
      system::fail("sync the destination", "Input/output error");
    }
  }
  void reopen() override { happened.push_back("reopen"); }
  std::size_t group() const override { return group_size; }

  void answer(const std::string& id, std::deque<Outcome> outcomes) {
    answers_[id] = std::move(outcomes);
  }
  // What happened, without the settling.
  Words deliveries() const {
    Words ids;
    for (const std::string& what : happened) {
      if (!what.starts_with("settle")) {
        ids.push_back(what);
      }
    }
    return ids;
  }

  Words happened;
  Words json;
  Words remembered;
  std::function<void(const std::string&)> on_delivery;
  std::size_t group_size = 100;
  bool settle_fails = false;

 private:
  Ledger& ledger_;
  std::map<std::string, std::deque<Outcome>> answers_;
};

storage::Database open(const std::string& path) {
  return storage::Database::open(path, storage::Database::Mode::read_write);
}

struct Fixture {
  Fixture() { at_9.cursors = {{"s", 9}}; }

  void run(const status::FilterWords& words = {}) {
    Selection selection(status::Filter(words), quiet, mutes);
    Loop({source, ledger, sink, orders, report}, selection, settings, tempo()).run();
  }
  Tempo tempo() {
    return {.random = [] { return 0.5; },
            .pause =
                [this](std::chrono::milliseconds time) {
                  pauses.push_back(time);
                  now += time;
                  steady += time;
                  if (on_pause) {
                    on_pause();
                  }
                },
            .now = [this] { return now; },
            .steady = [this] { return steady; }};
  }
  std::optional<Signal> next_signal() {
    if (signals.empty()) {
      return std::nullopt;
    }
    const Signal signal = signals.front();
    signals.pop_front();
    return signal;
  }

  tests::TempDir directory;
  std::string path = directory / "sink.db";
  Batch at_9;
  std::deque<Signal> signals;
  Orders orders{-1, [this] { return next_signal(); }};
  ListSource source{signals};
  Ledger ledger{open(path)};
  RecordingSink sink{ledger};
  Report report{"status-sink-test", ""};
  QuietHours quiet;
  Mutes mutes;
  LoopSettings settings;
  system::Time now = system::from_microseconds(1'771'588'800'000'000);  // 2026-02-20 12:00 UTC
  Tempo::Clock::time_point steady{};
  std::vector<std::chrono::milliseconds> pauses;
  std::function<void()> on_pause;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sinks_loop, Fixture)

BOOST_AUTO_TEST_CASE(updates_are_delivered_in_order_and_the_cursor_follows) {
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  source.add_incident(3, "c");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "b", "c"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 3U);
  BOOST_TEST(sink.json[0].find("\"incident_id\":\"a\"") != std::string::npos);
  BOOST_TEST(sink.json[0].find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_retry_holds_the_line) {
  sink.answer("b", {Outcome::retry("away"), Outcome::retry("away"), Outcome::retry("full")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  source.add_incident(3, "c");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "b", "b", "b", "b", "c"}),
             boost::test_tools::per_element());
  const std::vector<std::chrono::milliseconds> expected{50ms, 100ms, 200ms};
  BOOST_TEST((pauses == expected));
  BOOST_TEST(ledger.cursors().at("s") == 3U);
}

BOOST_AUTO_TEST_CASE(why_it_does_not_work_can_be_read_while_it_does_not) {
  Totals seen;
  on_pause = [&] { seen = Ledger(open(path)).totals(); };
  sink.answer("b", {Outcome::retry("away")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  run();
  BOOST_TEST(seen.last_reason == "away");
  BOOST_TEST((seen.last_failure && now - *seen.last_failure == 50ms));
  BOOST_TEST(seen.delivered == 0U);  // is written with the batch, which is not done
}

BOOST_AUTO_TEST_CASE(the_back_off_begins_anew_with_each_update) {
  sink.answer("a", {Outcome::retry("away"), Outcome::retry("away")});
  sink.answer("b", {Outcome::retry("away")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  run();
  const std::vector<std::chrono::milliseconds> expected{50ms, 100ms, 50ms};
  BOOST_TEST((pauses == expected));
}

BOOST_AUTO_TEST_CASE(a_rejected_update_is_buried_and_the_next_goes_on) {
  sink.answer("b", {Outcome::rejected("no such room")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  source.add_incident(3, "c");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "b", "c"}), boost::test_tools::per_element());
  const auto letters = ledger.dead_letters();
  BOOST_REQUIRE(letters.size() == 1);
  BOOST_TEST(letters[0].seq == 2U);
  BOOST_TEST(letters[0].stream == "s");
  BOOST_TEST(letters[0].reason == "no such room");
  BOOST_TEST(letters[0].json == sink.json[1]);
  BOOST_TEST(ledger.cursors().at("s") == 3U);
}

BOOST_AUTO_TEST_CASE(identical_updates_are_one_in_a_batch_and_over_a_restart) {
  source.add_incident(1, "a");
  source.add_incident(2, "a");
  source.add_incident(3, "b");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "b"}), boost::test_tools::per_element());

  Fixture later;
  Ledger reopened(open(path));
  RecordingSink fresh(reopened);
  later.source.add_incident(4, "b");
  later.source.add_incident(5, "c");
  Loop({later.source, reopened, fresh, later.orders, later.report}, {{}, {}, {}}, {}, later.tempo())
      .run();
  BOOST_TEST(fresh.deliveries() == (Words{"c"}), boost::test_tools::per_element());
  BOOST_TEST(reopened.cursors().at("s") == 5U);
}

BOOST_AUTO_TEST_CASE(the_cursor_does_not_move_before_the_batch_is_settled) {
  ledger.write(at_9);
  source.add_incident(10, "a");
  source.add_incident(11, "b");
  run();
  const Words expected{"a", "b", "settle at 9"};
  BOOST_TEST(sink.happened == expected, boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 11U);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_settled_is_not_written_down) {
  ledger.write(at_9);
  sink.settle_fails = true;
  source.add_incident(10, "a");
  BOOST_CHECK_THROW(run(), system::Failure);
  BOOST_TEST(ledger.cursors().at("s") == 9U);
  source.add_incident(10, "a");
  sink.settle_fails = false;
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_group_is_settled_when_it_is_full) {
  ledger.write(at_9);
  sink.group_size = 1;
  source.add_incident(10, "a");
  source.add_incident(11, "b");
  run();
  const auto& happened = sink.happened;
  BOOST_REQUIRE(happened.size() >= 4);
  BOOST_TEST(happened[0] == "a");
  BOOST_TEST(happened[1] == "settle at 9");
  BOOST_TEST((std::find(happened.begin(), happened.end(), "settle at 10") != happened.end()));
  BOOST_TEST(ledger.cursors().at("s") == 11U);
}

BOOST_AUTO_TEST_CASE(stopping_while_held_keeps_what_was_done_and_nothing_else) {
  sink.answer("b", {Outcome::retry("away"), Outcome::retry("away"), Outcome::retry("away")});
  on_pause = [this] {
    if (pauses.size() == 2) {
      signals.push_back(Signal::terminate);
    }
  };
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  source.add_incident(3, "c");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "b", "b"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 1U);
}

BOOST_AUTO_TEST_CASE(a_first_delivery_that_never_works_is_not_skipped_by_a_restart) {
  sink.answer("a", {Outcome::retry("away")});
  on_pause = [this] { signals.push_back(Signal::terminate); };
  source.add_incident(42, "a");
  run();
  BOOST_TEST(ledger.cursors().at("s") == 41U);
}

BOOST_AUTO_TEST_CASE(the_position_first_learnt_is_kept_although_nothing_came) {
  source.progress_.cursors["s"] = 1000;
  run();
  BOOST_TEST(ledger.cursors().at("s") == 1000U);
}

BOOST_AUTO_TEST_CASE(a_reload_while_held_settles_and_reopens_and_tries_again) {
  sink.answer("a", {Outcome::retry("full")});
  on_pause = [this] { signals.push_back(Signal::reload); };
  source.add_incident(1, "a");
  run();
  const Words expected{"a", "settle at 0", "reopen", "a"};
  const Words first(sink.happened.begin() + 1, sink.happened.begin() + 5);
  BOOST_TEST(sink.happened[0] == "settle at nothing");  // the first position
  BOOST_TEST(first == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stop_during_a_delivery_that_works_keeps_it) {
  sink.on_delivery = [this](const std::string&) {
    signals.push_back(Signal::terminate);
    orders.take();  // as a sink does that waits for its destination
  };
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_filter_does_not_want_moves_the_cursor_only) {
  source.add_incident(1, "a");
  source.add(2, "{\"what\":\"is this\"}");
  source.add(3, "not even JSON");
  run({.providers = {"somebody else"}});
  BOOST_TEST(sink.deliveries().empty());
  BOOST_TEST(ledger.cursors().at("s") == 3U);
  BOOST_TEST(!ledger.knows("a"));
}

BOOST_AUTO_TEST_CASE(a_cursor_that_can_not_be_saved_is_waited_for_and_nothing_is_delivered_twice) {
  ledger.write(at_9);
  // What a full disk does: the transaction fails, until there is room.
  storage::Database other = open(path);
  other.execute(
      "CREATE TRIGGER full BEFORE UPDATE ON cursors BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  on_pause = [&] {
    BOOST_TEST(ledger.cursors().at("s") == 9U);
    if (pauses.size() == 3) {
      other.execute("DROP TRIGGER full");
    }
  };
  source.add_incident(10, "a");
  source.add_incident(11, "b");
  run();
  BOOST_TEST(pauses.size() == 3U);
  BOOST_TEST(sink.deliveries() == (Words{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 11U);
}

BOOST_AUTO_TEST_CASE(a_destination_that_says_when_is_not_asked_sooner) {
  sink.answer("a", {Outcome::retry("slow down", 7s)});
  source.add_incident(1, "a");
  run();
  BOOST_TEST((pauses == std::vector<std::chrono::milliseconds>{7s}));
}

BOOST_AUTO_TEST_CASE(what_waits_longer_than_give_up_after_is_buried) {
  settings.patience.give_up_after = 1h;
  settings.late = std::nullopt;
  std::deque<Outcome> away(1000, Outcome::retry("away"));
  sink.answer("a", away);
  sink.answer("b", {Outcome::retry("still away")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  source.add_incident(3, "c");
  run();
  const auto letters = ledger.dead_letters();
  BOOST_REQUIRE(letters.size() == 2U);  // b has waited as long behind a
  BOOST_TEST(letters[0].reason == "given up after 3600 s: away");
  BOOST_TEST(letters[1].reason == "given up after 3600 s: still away");
  BOOST_TEST(sink.deliveries().back() == "c");
}

BOOST_AUTO_TEST_CASE(old_history_is_not_given_up_at_its_first_failure) {
  settings.late = std::nullopt;
  source.received_at = now - 240h;
  sink.answer("a", {Outcome::retry("away"), Outcome::retry("away")});
  source.add_incident(1, "a");
  run();
  BOOST_TEST(ledger.dead_letters().empty());
}

BOOST_AUTO_TEST_CASE(a_rate_is_kept_to) {
  settings.patience.rate = {.count = 2, .period = 60s};
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    source.add_incident(seq, std::string(1, static_cast<char>('a' + seq)));
  }
  run();
  BOOST_TEST(sink.deliveries().size() == 5U);
  BOOST_TEST((pauses == std::vector<std::chrono::milliseconds>{60s, 60s}));
  BOOST_TEST(!ledger.totals().last_failure);  // that is no failure
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_makes_nobody_wait) {
  settings.patience.rate = {.count = 1, .period = 60s};
  sink.on_delivery = [this](const std::string&) { now -= 1h; };
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  run();
  BOOST_TEST((pauses == std::vector<std::chrono::milliseconds>{60s}));
}

BOOST_AUTO_TEST_CASE(a_clock_that_leaps_ahead_gives_nobody_up) {
  sink.answer("a", {Outcome::retry("away"), Outcome::retry("away")});
  on_pause = [this] { now += 48h; };
  source.add_incident(1, "a");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "a", "a"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.dead_letters().empty());
}

BOOST_AUTO_TEST_CASE(what_came_while_it_was_away_is_told_in_short) {
  ledger.write(at_9);
  source.received_at = now - 1h;
  source.add(10, told("a", "first"));
  source.add(11, told("b", "only"));
  source.add(12, told("a", "second"));
  source.received_at = now;
  source.add_incident(13, "c");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"3 of 2", "b", "a", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(sink.json[1].find("second") != std::string::npos);
  BOOST_TEST(ledger.cursors().at("s") == 13U);
  BOOST_TEST(!ledger.next_waiting().has_value());
}

BOOST_AUTO_TEST_CASE(also_when_nothing_comes_after_it) {
  ledger.write(at_9);
  source.received_at = now - 1h;
  source.add_incident(10, "a");
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stop_in_the_middle_of_it_loses_and_repeats_nothing) {
  ledger.write(at_9);
  source.received_at = now - 1h;
  source.add_incident(10, "a");
  source.add_incident(11, "b");
  source.add_incident(12, "c");
  sink.answer("b", {Outcome::retry("away")});
  on_pause = [this] { signals.push_back(Signal::terminate); };
  run();
  BOOST_TEST(sink.deliveries() == (Words{"3 of 3", "a", "b"}), boost::test_tools::per_element());

  Fixture later;
  Ledger reopened(open(path));
  RecordingSink fresh(reopened);
  Loop({later.source, reopened, fresh, later.orders, later.report}, {{}, {}, {}}, {}, later.tempo())
      .run();
  BOOST_TEST(fresh.deliveries() == (Words{"b", "c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stop_is_heard_between_those_that_waited) {
  ledger.write(at_9);
  source.received_at = now - 1h;
  source.add_incident(10, "a");
  source.add_incident(11, "b");
  source.add_incident(12, "c");
  sink.on_delivery = [this](const std::string&) { signals.push_back(Signal::terminate); };
  run();
  BOOST_TEST(sink.deliveries() == (Words{"3 of 3", "a"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.waiting_incidents() == 2U);
}

BOOST_AUTO_TEST_CASE(every_update_is_told_when_that_is_wanted_and_all_history_from_the_start) {
  settings.late = std::nullopt;
  source.received_at = now - 1h;
  source.add_incident(10, "a");
  source.add(11, told("a", "second"));
  run();
  BOOST_TEST(sink.deliveries() == (Words{"a", "a"}), boost::test_tools::per_element());

  Fixture fresh;
  fresh.settings.from_start = true;
  fresh.source.received_at = now - 1h;
  fresh.source.add_incident(10, "a");
  fresh.source.add(11, told("a", "second"));
  fresh.run();
  BOOST_TEST(fresh.sink.deliveries() == (Words{"a", "a"}), boost::test_tools::per_element());
  BOOST_TEST(!fresh.ledger.takes_history());
}

BOOST_AUTO_TEST_CASE(in_quiet_hours_only_the_critical_is_told_and_the_rest_afterwards) {
  quiet = QuietHours({"11:00-13:00 UTC"});
  source.add_incident(1, "a");  // minor
  source.add(2, told("b", "all is down", "critical"));
  run();
  BOOST_TEST(sink.deliveries() == (Words{"b"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.cursors().at("s") == 2U);
  now += 2h;
  Fixture later;
  later.now = now;
  RecordingSink fresh(ledger);
  Loop({later.source, ledger, fresh, later.orders, report}, {{}, quiet, {}}, {}, later.tempo())
      .run();
  BOOST_TEST(fresh.deliveries() == (Words{"a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_incident_that_was_told_of_is_told_of_to_its_end) {
  source.add(1, told("a", "down", "major"));
  source.add(2, told("a", "better", "minor"));
  source.add(3, told("b", "nothing much", "minor"));
  run({.min_impact = "major"});
  BOOST_TEST(sink.deliveries() == (Words{"a", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(so_is_one_that_waits) {
  ledger.write(at_9);
  source.received_at = now - 1h;
  source.add(10, told("a", "down", "major"));
  source.add(11, told("a", "better", "minor"));
  source.add(12, told("b", "nothing much", "minor"));
  run({.min_impact = "major"});
  BOOST_TEST(sink.deliveries() == (Words{"2 of 1", "a"}), boost::test_tools::per_element());
  BOOST_TEST(sink.json.back().find("better") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_put_off_after_a_delivery_in_the_same_batch_waits) {
  quiet = QuietHours({"11:00-13:00 UTC"});
  source.add(1, told("a", "slow"));
  source.add(2, told("b", "down", "critical"));
  source.add(3, told("b", "better"));
  run();
  BOOST_TEST(sink.deliveries() == (Words{"b"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.waiting_incidents() == 2U);
}

BOOST_AUTO_TEST_CASE(a_sink_gets_back_what_it_wanted_remembered_of_the_incident) {
  sink.answer("a", {Outcome::delivered("message 17")});
  source.add(1, told("a", "one"));
  source.add(2, told("a", "two"));
  source.add_incident(3, "b");
  run();
  BOOST_TEST(sink.remembered == (Words{"", "message 17", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(letters_that_are_due_are_delivered_again) {
  sink.answer("a", {Outcome::rejected("no such room")});
  source.add_incident(1, "a");
  run();
  ledger.redeliver(std::nullopt);
  Fixture later;
  RecordingSink fresh(ledger);
  Loop loop({later.source, ledger, fresh, later.orders, report}, {{}, {}, {}}, {}, later.tempo());
  loop.run_redelivery();
  BOOST_TEST(fresh.deliveries() == (Words{"a"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.dead_letters().empty());
}

BOOST_AUTO_TEST_CASE(a_stop_is_heard_between_letters) {
  sink.answer("a", {Outcome::rejected("no such room")});
  sink.answer("b", {Outcome::rejected("no such room")});
  source.add_incident(1, "a");
  source.add_incident(2, "b");
  run();
  ledger.redeliver(std::nullopt);
  Fixture later;
  RecordingSink fresh(ledger);
  fresh.on_delivery = [&](const std::string&) { later.signals.push_back(Signal::terminate); };
  Loop({later.source, ledger, fresh, later.orders, report}, {{}, {}, {}}, {}, later.tempo())
      .run_redelivery();
  BOOST_TEST(fresh.deliveries() == (Words{"a"}), boost::test_tools::per_element());
  BOOST_TEST(ledger.due_letters().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
