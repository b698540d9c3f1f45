#include "lib/storage/wal.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "lib/storage/database.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using storage::Database;
using storage::transactions_behind_damage;

namespace {

constexpr int kTransactions = 5;

// As kill -9 leaves it: a log of so many transactions, of one frame each but for the first.
struct Log {
  tests::TempDir directory;
  std::string path = directory / "left.db";
  std::string bytes;
  std::size_t frame = 0;

  Log() {
    const std::string file = directory / "used.db";
    Database database = Database::open(file, Database::Mode::read_write);
    database.execute("CREATE TABLE words(word TEXT)");
    const auto before = std::filesystem::file_size(file + "-wal");
    for (int i = 1; i < kTransactions; ++i) {
      database.execute("INSERT INTO words VALUES('one')");
    }
    std::filesystem::copy_file(file, path);
    bytes = tests::read_file(file + "-wal");
    frame = (bytes.size() - before) / (kTransactions - 1);
  }
  std::uint64_t behind(std::string content) const {
    tests::write_file(path + "-wal", content);
    return transactions_behind_damage(path);
  }
  // One bit of the frame that is so many before the end is another.
  std::string flipped(std::size_t from_end, std::size_t offset) const {
    std::string content = bytes;
    content[content.size() - from_end * frame + offset] ^= 4;
    return content;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(storage_wal, Log)

BOOST_AUTO_TEST_CASE(a_log_that_is_whole_or_not_there_has_lost_nothing) {
  BOOST_TEST(behind(bytes) == 0U);
  BOOST_TEST(transactions_behind_damage(directory / "nothing") == 0U);
  BOOST_TEST(behind("") == 0U);
  BOOST_TEST(behind("no log of SQLite's, but long enough to be one") == 0U);
}

BOOST_AUTO_TEST_CASE(a_torn_last_transaction_is_no_damage) {
  for (std::size_t cut = 1; cut < frame; cut += 100) {
    BOOST_TEST(behind(bytes.substr(0, bytes.size() - cut)) == 0U);
  }
  BOOST_TEST(behind(flipped(1, 100)) == 0U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_changed_bit_is_counted_wherever_that_is) {
  for (const std::size_t offset : {0, 9, 17, 24, 1000}) {
    // A frame whose salt is wrong is none of this log's: its own transaction isn't counted.
    const std::uint64_t own = offset == 9 ? 0 : 1;
    BOOST_TEST(behind(flipped(3, offset)) == 2 + own);
  }
  for (const std::size_t offset : {0, 3, 10, 20, 30}) {
    std::string header = bytes;
    header[offset] ^= 1;
    BOOST_TEST(behind(header) == std::uint64_t{kTransactions});
  }
}

BOOST_AUTO_TEST_SUITE_END()
