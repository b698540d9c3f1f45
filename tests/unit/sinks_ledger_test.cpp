#include "sinks/delivery/ledger.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using storage::Database;

namespace {

DeadLetter letter(std::uint64_t seq) {
  return {"key" + std::to_string(seq),          "s",          seq,
          system::from_microseconds(1'000'000), "it said no", "{\"a\":1}"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sinks_ledger)

BOOST_AUTO_TEST_CASE(a_batch_is_there_after_a_restart) {
  const tests::TempDir directory;
  {
    Ledger ledger(Database::open(directory / "sink.db", Database::Mode::read_write));
    ledger.write({.keys = {"one", "key7"},
                  .dead_letters = {letter(7)},
                  .cursors = {{"s", 7}, {"other", 1}},
                  .events = 2});
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
    ledger.write({.keys = {}, .dead_letters = {letter(seq)}, .cursors = {{"s", seq}}});
  }
  const auto letters = ledger.dead_letters();
  BOOST_REQUIRE(letters.size() == 3);
  BOOST_TEST(letters[0].seq == 3U);
  BOOST_TEST(letters[2].seq == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
