#include "sinks/delivery/ledger.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using storage::Database;

namespace {

DeadLetter letter(std::uint64_t seq) {
  return {.key = "key" + std::to_string(seq),
          .stream = "s",
          .seq = seq,
          .at = system::from_microseconds(1'000'000),
          .reason = "it said no",
          .json = "{\"a\":1}"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sinks_ledger)

BOOST_AUTO_TEST_CASE(a_batch_is_there_after_a_restart) {
  const tests::TempDir directory;
  {
    Ledger ledger(Database::open(directory / "sink.db", Database::Mode::read_write));
    Batch batch;
    batch.keys = {"one", "key7"};
    batch.dead_letters = {letter(7)};
    batch.cursors = {{"s", 7}, {"other", 1}};
    ledger.write(batch);
  }
  Ledger ledger(Database::open(directory / "sink.db", Database::Mode::read_write));
  BOOST_TEST((ledger.cursors() == feed::Cursors{{"s", 7}, {"other", 1}}));
  BOOST_TEST(ledger.knows("one"));
  BOOST_TEST(!ledger.knows("two"));
  const auto letters = ledger.dead_letters();
  BOOST_REQUIRE(letters.size() == 1);
  BOOST_TEST(letters[0].key == "key7");
  BOOST_TEST(letters[0].stream == "s");
  BOOST_TEST(letters[0].seq == 7U);
  BOOST_TEST(system::to_microseconds(letters[0].at) == 1'000'000);
  BOOST_TEST(letters[0].reason == "it said no");
  BOOST_TEST(letters[0].json == "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(the_oldest_dead_letters_make_room) {
  Ledger ledger(Database::open(":memory:", Database::Mode::read_write), 3);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    Batch batch;
    batch.dead_letters = {letter(seq)};
    batch.cursors = {{"s", seq}};
    ledger.write(batch);
  }
  const auto letters = ledger.dead_letters();
  BOOST_REQUIRE(letters.size() == 3);
  BOOST_TEST(letters[0].seq == 3U);
  BOOST_TEST(letters[2].seq == 5U);
}

BOOST_AUTO_TEST_CASE(of_each_incident_the_latest_waits_and_all_are_counted) {
  Ledger ledger(Database::open(":memory:", Database::Mode::read_write));
  Batch batch;
  batch.keys = {"1", "2", "3"};
  batch.waiting = {{"a", "a1"}, {"b", "b1"}, {"a", "a2"}};
  ledger.write(batch);
  BOOST_TEST(ledger.waiting_updates() == 3U);
  BOOST_TEST(ledger.waiting_incidents() == 2U);
  BOOST_TEST(ledger.next_waiting()->json == "b1");  // the latest of a came after it
  Batch announced;
  announced.announced = true;
  ledger.write(announced);
  Batch first;
  first.told = {"b"};
  ledger.write(first);
  BOOST_TEST(ledger.next_waiting()->json == "a2");
  BOOST_TEST(ledger.announced());
  Batch last;
  last.told = {"a"};
  ledger.write(last);
  BOOST_TEST(!ledger.next_waiting().has_value());
  BOOST_TEST(!ledger.announced());
}

BOOST_AUTO_TEST_CASE(a_letter_that_is_due_is_dead_no_more_when_it_was_delivered) {
  Ledger ledger(Database::open(":memory:", Database::Mode::read_write));
  Batch batch;
  batch.dead_letters = {letter(1), letter(2)};
  batch.keys = {"key1", "key2"};
  ledger.write(batch);
  BOOST_TEST(ledger.due_letters().empty());
  BOOST_TEST(ledger.redeliver(7) == 0);
  BOOST_TEST(ledger.redeliver(2) == 1);
  BOOST_REQUIRE(ledger.due_letters().size() == 1);
  BOOST_TEST(ledger.due_letters()[0].seq == 2U);
  Batch done;
  done.redelivered = {2};
  ledger.write(done);
  BOOST_TEST(ledger.due_letters().empty());
  BOOST_TEST(ledger.dead_letters().size() == 1);
  BOOST_TEST(ledger.redeliver(std::nullopt) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_of_an_incident_is_bounded) {
  Ledger ledger(Database::open(":memory:", Database::Mode::read_write));
  Batch batch;
  batch.keys = {"k"};
  for (std::int64_t i = 0; i <= kMemoriesKept; ++i) {
    batch.memory["incident " + std::to_string(i)] = std::to_string(i);
  }
  ledger.write(batch);
  Batch again;
  again.keys = {"l"};
  again.memory["incident 7"] = "new";
  ledger.write(again);
  BOOST_TEST(ledger.remembered("incident 7").value_or("") == "new");
  BOOST_TEST(!ledger.remembered("incident 0"));
}

BOOST_AUTO_TEST_SUITE_END()
