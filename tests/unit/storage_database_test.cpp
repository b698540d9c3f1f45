#include "lib/storage/database.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/temp_dir.h"

using namespace monitor;
using storage::Database;
using storage::Statement;
using storage::Transaction;
using Mode = storage::Database::Mode;

namespace {

// SQLite's result codes (https://www.sqlite.org/rescode.html).
constexpr int kOk = 0;
constexpr int kReadOnly = 8;
constexpr int kFull = 13;
constexpr int kCannotOpen = 14;
constexpr int kConstraint = 19;
constexpr int kRange = 25;
constexpr int kNotADatabase = 26;

std::int64_t single(const Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : -1;
}

std::int64_t count(const Database& database) {
  return single(database, "SELECT count(*) FROM words");
}

// A database with one table, in a file.
struct File {
  tests::TempDir directory;
  std::string path = directory / "test.db";
  Database database = Database::open(path, Mode::read_write);

  File() { database.execute("CREATE TABLE words(n INTEGER PRIMARY KEY, word TEXT UNIQUE)"); }
  void add(std::string_view word) {
    database.prepare("INSERT INTO words(word) VALUES(?1)").bind(1, word).run();
  }
  // So few pages that a large text does not fit.
  void fill_up() {
    const std::int64_t pages = single(database, "PRAGMA page_count");
    database.execute(("PRAGMA max_page_count=" + std::to_string(pages + 1)).c_str());
  }
};

template <typename Action>
int code_of(Action action) {
  try {
    action();
  } catch (const storage::Error& error) {
    return error.code();
  }
  return kOk;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(storage_transaction)

BOOST_AUTO_TEST_CASE(what_is_not_committed_is_rolled_back) {
  File file;
  {
    Transaction transaction(file.database);
    file.add("a");
    BOOST_TEST(count(file.database) == 1);
  }
  BOOST_TEST(count(file.database) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_committed_stays) {
  File file;
  {
    Transaction transaction(file.database);
    file.add("a");
    transaction.commit();
  }
  BOOST_TEST(count(file.database) == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_rolls_back_and_the_next_one_works) {
  File file;
  file.add("taken");
  const auto add_two = [&] {
    Transaction transaction(file.database);
    file.add("new");
    file.add("taken");
    transaction.commit();
  };
  BOOST_TEST(code_of(add_two) == kConstraint);
  BOOST_TEST(count(file.database) == 1);
  Transaction transaction(file.database);
  file.add("new");
  transaction.commit();
  BOOST_TEST(count(file.database) == 2);
}

BOOST_AUTO_TEST_CASE(a_full_disk_rolls_back_and_is_no_end) {
  File file;
  file.fill_up();
  const auto add_much = [&] {
    Transaction transaction(file.database);
    file.add("small");
    file.add(std::string(100'000, 'x'));
    transaction.commit();
  };
  BOOST_TEST(code_of(add_much) == kFull);
  BOOST_TEST(count(file.database) == 0);
  BOOST_TEST(code_of(add_much) == kFull);
  file.database.execute("PRAGMA max_page_count=1000000");
  BOOST_TEST(code_of(add_much) == kOk);
  BOOST_TEST(count(file.database) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(storage_statement)

BOOST_AUTO_TEST_CASE(all_kinds_of_values_come_back) {
  File file;
  Statement statement = file.database.prepare("SELECT ?1, ?2, ?3, ?4, ?5");
  statement.bind(1, INT64_MIN)
      .bind(2, std::string_view("M\0x", 3))
      .bind_blob(3, std::string_view("\xff\0", 2))
      .bind_null(4)
      .bind(5, std::optional<std::int64_t>());
  BOOST_REQUIRE(statement.step());
  BOOST_TEST(statement.integer(0) == INT64_MIN);
  BOOST_TEST(statement.maybe_integer(0).value() == INT64_MIN);
  BOOST_TEST(statement.text(1) == std::string_view("M\0x", 3));
  BOOST_TEST(statement.text(2) == std::string_view("\xff\0", 2));
  BOOST_TEST(statement.is_null(3));
  BOOST_TEST(statement.text(3) == "");
  BOOST_TEST(!statement.maybe_integer(4));
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_not_null) {
  File file;
  Statement statement = file.database.prepare("SELECT typeof(?1), length(?1)");
  for (const std::string_view empty : {std::string_view(), std::string_view("")}) {
    BOOST_REQUIRE(statement.bind(1, empty).step());
    BOOST_TEST(statement.text(0) == "text");
    BOOST_TEST(statement.integer(1) == 0);
    statement.reset();
    BOOST_REQUIRE(statement.bind_blob(1, empty).step());
    BOOST_TEST(statement.text(0) == "blob");
    statement.reset();
  }
}

BOOST_AUTO_TEST_CASE(an_error_leaves_the_statement_usable) {
  File file;
  Statement insert = file.database.prepare("INSERT INTO words(word) VALUES(?1)");
  insert.bind(1, "a").run();
  BOOST_TEST(code_of([&] { insert.bind(1, "a").run(); }) == kConstraint);
  insert.bind(1, "b").run();
  BOOST_TEST(code_of([&] { insert.bind(7, "x"); }) == kRange);
  insert.bind(1, "c").run();
  BOOST_TEST(count(file.database) == 3);
}

BOOST_AUTO_TEST_CASE(after_its_last_row_it_can_be_bound_anew) {
  File file;
  file.add("a");
  file.add("b");
  Statement find = file.database.prepare("SELECT n FROM words WHERE word = ?1");
  for (const char* word : {"a", "b", "none", "a"}) {
    const bool there = word != std::string_view("none");
    BOOST_TEST(find.bind(1, word).step() == there);
    if (there) {
      BOOST_TEST(!find.step());
    }
  }
}

BOOST_AUTO_TEST_CASE(wrong_sql_is_refused_with_the_reason) {
  File file;
  BOOST_CHECK_EXCEPTION(file.database.prepare("SELECT x FROM nowhere"), storage::Error,
                        [](const storage::Error& error) {
                          return std::string(error.what()).find("no such table: nowhere") !=
                                 std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(it_may_be_moved_and_may_outlive_its_connection) {
  auto file = std::make_optional<File>();
  file->add("a");
  Statement one = file->database.prepare("SELECT word FROM words");
  Statement other = std::move(one);
  BOOST_REQUIRE(other.step());
  BOOST_TEST(other.text(0) == "a");
  file.reset();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(storage_database)

BOOST_AUTO_TEST_CASE(a_database_in_memory_vanishes) {
  for (int i = 0; i < 2; ++i) {
    Database database = Database::open(":memory:", Mode::read_write);
    database.execute("CREATE TABLE words(word TEXT)");
    BOOST_TEST(count(database) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_reader_sees_what_the_writer_commits_and_writes_nothing) {
  File file;
  const Database reader = Database::open(file.path, Mode::read_only);
  BOOST_TEST(count(reader) == 0);
  {
    Transaction transaction(file.database);
    file.add("a");
    BOOST_TEST(count(reader) == 0);
    transaction.commit();
  }
  BOOST_TEST(count(reader) == 1);
  BOOST_TEST(code_of([&] { reader.prepare("DELETE FROM words").run(); }) == kReadOnly);
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_its_snapshot_until_it_resets) {
  File file;
  file.add("a");
  file.add("b");
  const Database reader = Database::open(file.path, Mode::read_only);
  Statement rows = reader.prepare("SELECT word FROM words ORDER BY n");
  BOOST_REQUIRE(rows.step());
  file.add("c");
  BOOST_TEST(count(reader) == 2);
  rows.reset();
  BOOST_TEST(count(reader) == 3);
}

BOOST_AUTO_TEST_CASE(rows_that_changed_are_counted) {
  File file;
  file.add("a");
  Statement insert =
      file.database.prepare("INSERT INTO words(word) VALUES(?1) ON CONFLICT DO NOTHING");
  insert.bind(1, "b").run();
  BOOST_TEST(file.database.changed_rows() == 1);
  insert.bind(1, "b").run();
  BOOST_TEST(file.database.changed_rows() == 0);
  file.database.prepare("DELETE FROM words").run();
  BOOST_TEST(file.database.changed_rows() == 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_database_is_refused) {
  const tests::TempDir directory;
  const std::string path = directory / "text";
  const std::string text(4096, 'x');
  tests::write_file(path, text);
  BOOST_TEST(code_of([&] { Database::open(path, Mode::read_write); }) == kNotADatabase);
  BOOST_TEST(tests::read_file(path) == text);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_made_by_writers_only) {
  const tests::TempDir directory;
  BOOST_TEST(code_of([&] { Database::open(directory / "a", Mode::read_only); }) == kCannotOpen);
  BOOST_TEST(!std::filesystem::exists(directory / "a"));
  BOOST_TEST(code_of([&] { Database::open(directory / "no/a", Mode::read_write); }) == kCannotOpen);
  BOOST_TEST(code_of([&] { Database::open(directory / "a", Mode::read_write); }) == kOk);
  BOOST_TEST(std::filesystem::exists(directory / "a"));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_empties_the_wal_for_the_next_commit) {
  File file;
  const std::string wal = file.path + "-wal";
  for (int i = 0; i < 100; ++i) {
    file.add(std::to_string(i));
  }
  const auto before = std::filesystem::file_size(wal);
  BOOST_TEST(file.database.checkpoint(storage::Database::Checkpoint::restart));
  file.add("next");
  BOOST_TEST(std::filesystem::file_size(wal) == before);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_does_not_wait_long_for_a_reader) {
  File file;
  file.add("a");
  const Database reader = Database::open(file.path, Mode::read_only);
  Statement rows = reader.prepare("SELECT word FROM words");
  BOOST_REQUIRE(rows.step());
  file.add("b");
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(!file.database.checkpoint(storage::Database::Checkpoint::restart));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(1)));
  rows.reset();
  BOOST_TEST(file.database.checkpoint(storage::Database::Checkpoint::restart));
}

BOOST_AUTO_TEST_SUITE_END()
