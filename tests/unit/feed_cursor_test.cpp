#include "lib/feed/cursor.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::feed;
using storage::Database;

namespace {

Database in_memory() { return Database::open(":memory:", Database::Mode::read_write); }

std::int64_t rows(const Database& database) {
  auto count = database.prepare("SELECT count(*) FROM seen");
  return count.step() ? count.integer(0) : -1;
}

// As if `count` keys had been added by runs of the program before this one.
void fill(Database& database, std::int64_t count) {
  database.execute(("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                    std::to_string(count) + ") INSERT INTO seen(key) SELECT 'old-' || i FROM n")
                       .c_str());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_cursor_table)

BOOST_AUTO_TEST_CASE(cursors_are_saved_and_loaded) {
  const tests::TempDir directory;
  {
    Database database = Database::open(directory / "a.db", Database::Mode::read_write);
    CursorTable table(database);
    BOOST_TEST(table.load().empty());
    table.save("one", 1);
    table.save("two", INT64_MAX);
    table.save("one", 7);
  }
  Database database = Database::open(directory / "a.db", Database::Mode::read_write);
  BOOST_TEST((CursorTable(database).load() == Cursors{{"one", 7}, {"two", INT64_MAX}}));
}

BOOST_AUTO_TEST_CASE(a_cursor_moves_with_its_effect_or_not_at_all) {
  Database database = in_memory();
  CursorTable table(database);
  table.save("s", 1);
  {
    storage::Transaction transaction(database);
    table.save("s", 2);
  }
  BOOST_TEST((table.load() == Cursors{{"s", 1}}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_seen_table)

BOOST_AUTO_TEST_CASE(a_key_is_new_once) {
  Database database = in_memory();
  SeenTable seen(database);
  BOOST_TEST(!seen.contains("a"));
  BOOST_TEST(seen.add("a"));
  BOOST_TEST(!seen.add("a"));
  BOOST_TEST(seen.contains("a"));
  BOOST_TEST(seen.add(""));
  BOOST_TEST(seen.add(std::string_view("a\0b", 3)));
  BOOST_TEST(rows(database) == 3);
}

BOOST_AUTO_TEST_CASE(a_key_that_was_rolled_back_is_new_again) {
  Database database = in_memory();
  SeenTable seen(database);
  {
    storage::Transaction transaction(database);
    seen.add("a");
  }
  BOOST_TEST(seen.add("a"));
}

BOOST_AUTO_TEST_CASE(the_oldest_go_when_there_are_too_many) {
  Database database = in_memory();
  SeenTable seen(database);
  fill(database, kSeenKept);
  for (int i = 0; i < 2000; ++i) {
    seen.add("new-" + std::to_string(i));
  }
  BOOST_TEST(rows(database) >= kSeenKept);
  BOOST_TEST(rows(database) < kSeenKept + 1000);
  BOOST_TEST(!seen.contains("old-1000"));
  BOOST_TEST(seen.contains("old-2001"));
  BOOST_TEST(seen.contains("new-0"));
}

// A program that is restarted often adds few keys each time.
BOOST_AUTO_TEST_CASE(many_short_lives_do_not_make_it_grow) {
  Database database = in_memory();
  { const SeenTable seen(database); }
  fill(database, kSeenKept + 5000);
  SeenTable seen(database);
  seen.add("new");
  BOOST_TEST(rows(database) == kSeenKept);
  BOOST_TEST(seen.contains("old-105000"));
}

BOOST_AUTO_TEST_SUITE_END()
