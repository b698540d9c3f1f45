#include "sinks/delivery/line_file.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using tests::read_file;
using tests::write_file;

namespace {

struct Fixture {
  tests::TempDir directory;
  std::string path = directory / "updates.jsonl";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sinks_line_file, Fixture)

BOOST_AUTO_TEST_CASE(lines_are_appended_to_what_is_there) {
  write_file(path, "{\"n\":1}\n");
  LineFile file(path);
  BOOST_TEST(!file.append("{\"n\":2}"));
  BOOST_TEST(!file.append("{\"n\":3}"));
  file.sync();
  BOOST_TEST(read_file(path) == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_cut_at_every_byte) {
  const std::string whole = "{\"n\":1}\n";
  const std::string torn = "{\"n\":22}";
  for (std::size_t length = 0; length <= torn.size(); ++length) {
    write_file(path, whole + torn.substr(0, length));
    LineFile file(path);
    BOOST_TEST(read_file(path) == whole);
    BOOST_TEST(!file.append(torn));
    BOOST_TEST(read_file(path) == whole + torn + '\n');
  }
}

// What a power loss leaves of lines that were not synced: any of their blocks.
BOOST_AUTO_TEST_CASE(blocks_that_never_came_to_the_disk_are_cut_with_all_that_follows) {
  const std::string whole = "{\"n\":1}\n";
  write_file(path, whole + std::string(5, '\0') + "2}\n{\"n\":3}\n");
  LineFile file(path);
  BOOST_TEST(read_file(path) == whole);
  file.append("{\"n\":2}");
  BOOST_TEST(read_file(path) == whole + "{\"n\":2}\n");
}

BOOST_AUTO_TEST_CASE(only_lines_that_may_not_have_been_synced_are_looked_at) {
  std::string lines = std::string("{\"n\0\":1}\n", 9);
  for (std::size_t i = 0; i < kUnsyncedLines; ++i) {
    lines += "{\"n\":2}\n";
  }
  write_file(path, lines);
  LineFile file(path);
  BOOST_TEST(read_file(path) == lines);
}

BOOST_AUTO_TEST_CASE(what_others_wrote_is_not_cut) {
  const std::string theirs = std::string("{\0 binary\n", 10) + "not of ours\n";
  write_file(path, theirs);
  LineFile file(path);
  BOOST_TEST(read_file(path) == theirs);
}

BOOST_AUTO_TEST_CASE(a_torn_line_longer_than_a_block_is_found) {
  const std::string whole = "{\"n\":1}\n";
  for (const std::size_t length : {4095U, 4096U, 4097U, 20'000U}) {
    write_file(path, whole + '{' + std::string(length, 'x'));
    const LineFile file(path);
    BOOST_TEST(read_file(path) == whole);
  }
  write_file(path, '{' + std::string(5000, 'x'));
  const LineFile file(path);
  BOOST_TEST(read_file(path).empty());
}

BOOST_AUTO_TEST_CASE(a_line_that_somebody_else_left_open_is_completed) {
  write_file(path, "# my notes\nsee below");
  LineFile file(path);
  BOOST_TEST(!file.append("{}"));
  BOOST_TEST(read_file(path) == "# my notes\nsee below\n{}\n");
}

BOOST_AUTO_TEST_CASE(reopening_makes_a_new_file_where_the_old_one_was_renamed) {
  LineFile file(path);
  BOOST_TEST(!file.append("{\"n\":1}"));
  std::filesystem::rename(path, path + ".1");
  BOOST_TEST(!file.append("{\"n\":2}"));
  file.reopen();
  BOOST_TEST(!file.append("{\"n\":3}"));
  BOOST_TEST(read_file(path + ".1") == "{\"n\":1}\n{\"n\":2}\n");
  BOOST_TEST(read_file(path) == "{\"n\":3}\n");
}

BOOST_AUTO_TEST_CASE(a_directory_that_goes_away_is_waited_for) {
  const std::string below = directory / "logs";
  std::filesystem::create_directory(below);
  LineFile file(below + "/updates.jsonl");
  std::filesystem::remove_all(below);
  file.reopen();
  const auto trouble = file.append("{}");
  BOOST_REQUIRE(trouble);
  BOOST_TEST(trouble->find(below) != std::string::npos, *trouble);
  file.sync();
  std::filesystem::create_directory(below);
  BOOST_TEST(!file.append("{}"));
  BOOST_TEST(read_file(below + "/updates.jsonl") == "{}\n");
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_told_at_the_start) {
  BOOST_CHECK_EXCEPTION(LineFile(directory / "no/such/file"), system::ConfigError,
                        [](const system::ConfigError& error) {
                          return std::string(error.what()).find("does not exist") !=
                                 std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(only_a_regular_file_will_do) {
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  BOOST_CHECK_THROW(LineFile{path}, system::ConfigError);
  BOOST_CHECK_THROW(LineFile{"/dev/null"}, system::ConfigError);
  BOOST_CHECK_THROW(LineFile{directory.path().string()}, system::ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()
