// A rebuilt database takes the place of the one in use, wherever it was interrupted before.
#include "store/generations.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "store/progress.h"
#include "tests/support/temp_dir.h"

namespace monitor::store {
namespace {

struct GenerationsFixture {
  void write(const std::string& name, const std::string& text) {
    tests::write_file(directory / name, text);
  }
  std::string read(const std::string& name) {
    return std::filesystem::exists(directory / name) ? tests::read_file(directory / name) : "none";
  }
  bool adopt() { return adopt_rebuilt(directory / "."); }
  tests::TempDir directory;
};

BOOST_FIXTURE_TEST_SUITE(store_generations, GenerationsFixture)

BOOST_AUTO_TEST_CASE(without_a_new_one_nothing_happens) {
  write("store.db", "old");
  BOOST_TEST(!adopt());
  BOOST_TEST(read("store.db") == "old");
}

BOOST_AUTO_TEST_CASE(the_old_one_is_kept_with_its_log) {
  write("store.db", "old");
  write("store.db-wal", "log");
  write("store.db-shm", "index");
  write("store.db.old", "older");
  write("store.db.new", "new");
  BOOST_TEST(adopt());
  BOOST_TEST(read("store.db") == "new");
  BOOST_TEST(read("store.db-wal") == "none");
  BOOST_TEST(read("store.db-shm") == "none");
  BOOST_TEST(read("store.db.old") == "old");
  BOOST_TEST(read("store.db.old-wal") == "log");
}

BOOST_AUTO_TEST_CASE(killed_between_the_renames_it_is_finished_at_the_next_start) {
  write("store.db-wal", "log of the old one");
  write("store.db.new", "new");
  BOOST_TEST(adopt());
  BOOST_TEST(read("store.db") == "new");
  BOOST_TEST(read("store.db-wal") == "none");
}

BOOST_AUTO_TEST_CASE(progress_tells_how_much_how_fast_and_how_long) {
  using namespace std::chrono_literals;
  BOOST_TEST(progress_text(600'000, 1'000'000, 30s) ==
             "[##################------------]  60 %  600,000 of 1,000,000 events, 20,000/s, "
             "20 s left");
  BOOST_TEST(progress_text(0, 0, 0s) ==
             "[------------------------------]   0 %  0 of 1 events, 0/s, 0 s left");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
