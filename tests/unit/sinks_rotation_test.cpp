// Rotation of a file of lines: when, under which name, what is kept, and that no moment at which a
// process can die costs a line.
#include "sinks/delivery/rotation.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <random>

#include "lib/system/error.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using namespace std::chrono_literals;
using tests::read_file;
using tests::write_file;

namespace {

const system::Time kNow = system::from_microseconds(1'771'597'920'000'000);  // 14:32:00

struct Fixture {
  tests::TempDir directory;
  std::string path = directory / "updates.jsonl";
  std::string first = path + ".2026-02-20T143200Z";
  std::string second = path + ".2026-02-20T143201Z";
  std::string third = path + ".2026-02-20T143202Z";

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
};

std::string unpacked(const std::string& path) {
  const gzFile file = ::gzopen(path.c_str(), "rb");
  BOOST_REQUIRE(file != nullptr);
  std::string text;
  std::string chunk(1 << 16, '\0');
  int n = 0;
  while ((n = ::gzread(file, chunk.data(), static_cast<unsigned>(chunk.size()))) > 0) {
    text.append(chunk, 0, static_cast<std::size_t>(n));
  }
  // A gzip that was cut short is told only here.
  BOOST_TEST(n == 0);
  BOOST_TEST(::gzclose(file) == Z_OK);
  return text;
}

std::string random_text(std::size_t size) {
  std::mt19937 random(20260220);
  std::string text(size, '\0');
  for (char& c : text) {
    c = static_cast<char>(random());
  }
  return text;
}

bool never() { return false; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sinks_rotation, Fixture)

BOOST_AUTO_TEST_CASE(it_is_due_when_the_next_line_would_make_it_too_large_or_it_is_too_old) {
  const RotationRules none;
  const RotationRules by_size{.size = 100};
  const RotationRules by_age{.age = 60s};
  BOOST_TEST(!is_rotation_due(none, 1'000'000, 1'000'000, kNow - 24h, kNow));
  BOOST_TEST(!is_rotation_due(by_size, 90, 10, kNow - 24h, kNow));
  BOOST_TEST(is_rotation_due(by_size, 90, 11, kNow, kNow));
  BOOST_TEST(!is_rotation_due(by_size, 0, 200, kNow, kNow), "an empty file would be left");
  BOOST_TEST(!is_rotation_due(by_age, 1, 10, kNow - 59s, kNow));
  BOOST_TEST(is_rotation_due(by_age, 1, 10, kNow - 60s, kNow));
  BOOST_TEST(!is_rotation_due(by_age, 0, 10, kNow - 60s, kNow));
}

BOOST_AUTO_TEST_CASE(the_name_is_the_time_and_two_in_a_second_do_not_meet) {
  Rotation rotation(path, {.size = 1});
  for (const char* text : {"1\n", "2\n"}) {
    write_file(path, text);
    BOOST_TEST(!rotation.rotate(kNow));
  }
  write_file(third + ".gz", "");
  write_file(path, "3\n");
  BOOST_TEST(!rotation.rotate(kNow));
  BOOST_TEST(read_file(first) == "1\n");
  BOOST_TEST(read_file(second) == "2\n");
  BOOST_TEST(read_file(path + ".2026-02-20T143203Z") == "3\n");
  BOOST_TEST(rotation.rotate(kNow).value_or("").find("cannot rotate") == 0U);
}

BOOST_AUTO_TEST_CASE(only_so_many_are_kept_and_nothing_else_is_touched) {
  const std::string others[] = {path + ".1", path + ".2026-02-20T14320Z", path + ".old.gz",
                                directory / "other.jsonl.2020-01-01T000000Z"};
  for (const std::string& other : others) {
    write_file(other, "x");
  }
  Rotation rotation(path, {.size = 1, .keep = 2});
  for (int i = 0; i < 4; ++i) {
    write_file(path, fmt::format("{}\n", i));
    BOOST_TEST(!rotation.rotate(kNow + std::chrono::seconds(i)));
  }
  rotation.wait_until_tidy();
  BOOST_TEST(!std::filesystem::exists(first));
  BOOST_TEST(!std::filesystem::exists(second));
  BOOST_TEST(read_file(third) == "2\n");
  BOOST_TEST(names().size() == 2U + std::size(others));
}

BOOST_AUTO_TEST_CASE(rotated_files_are_packed) {
  const std::string text = random_text(300'000) + std::string(300'000, 'a');
  {
    Rotation rotation(path, {.size = 1, .compress = true});
    write_file(path, text);
    BOOST_TEST(!rotation.rotate(kNow));
    rotation.wait_until_tidy();
  }
  BOOST_TEST(names() == (std::vector<std::string>{first + ".gz"}),
             boost::test_tools::per_element());
  BOOST_TEST((unpacked(first + ".gz") == text));
}

BOOST_AUTO_TEST_CASE(what_a_process_left_in_the_middle_is_finished_by_the_next) {
  write_file(first, "1\n");  // being packed
  write_file(first + ".gz.part", "half");
  write_file(second, "2\n");  // packed, not yet deleted
  BOOST_TEST(pack_file(second, never));
  write_file(second, "2\n");
  write_file(third, "3\n");  // not begun
  Rotation rotation(path, {.size = 1, .compress = true});
  rotation.wait_until_tidy();
  const std::vector<std::string> expected{first + ".gz", second + ".gz", third + ".gz"};
  BOOST_TEST(names() == expected, boost::test_tools::per_element());
  BOOST_TEST(unpacked(first + ".gz") == "1\n");
  BOOST_TEST(unpacked(second + ".gz") == "2\n");
  BOOST_TEST(unpacked(third + ".gz") == "3\n");
}

BOOST_AUTO_TEST_CASE(packing_that_is_given_up_leaves_the_plain_file_alone) {
  write_file(first, random_text(300'000));
  int asked = 0;
  BOOST_TEST(!pack_file(first, [&] { return ++asked == 3; }));
  BOOST_TEST(names() == (std::vector<std::string>{first}), boost::test_tools::per_element());
  std::filesystem::create_directory(first + ".gz.part");
  BOOST_CHECK_THROW(pack_file(first, never), system::Failure);
  BOOST_TEST(read_file(first).size() == 300'000U);
}

// At any moment there is the whole plain file or the whole packed one.
BOOST_AUTO_TEST_CASE(a_kill_at_any_moment_of_packing_costs_nothing) {
  constexpr int kSteps = 40;
  const std::string text = random_text(1'000'000);
  int finished = 0;
  for (int step = 0; step < kSteps; ++step) {
    write_file(first, text);
    const pid_t child = ::fork();
    if (child == 0) {
      // Dies by itself after so many chunks, or, behind the last one, somewhere in the end.
      int left = step;
      pack_file(first, [&] { return left-- == 0 ? ::raise(SIGKILL) != 0 : false; });
      ::_exit(0);
    }
    BOOST_REQUIRE(child > 0);
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    finished += WIFEXITED(status) ? 1 : 0;
    const bool plain = std::filesystem::exists(first);
    BOOST_TEST((plain ? read_file(first) == text : unpacked(first + ".gz") == text));
    std::filesystem::remove(first);
    std::filesystem::remove(first + ".gz");
  }
  BOOST_TEST(finished > 0);
  BOOST_TEST(finished < kSteps);
}

// The same by the clock, so that it also hits renaming and deleting.
BOOST_AUTO_TEST_CASE(a_kill_at_a_random_time_costs_nothing) {
  const std::string text = random_text(200'000);
  std::mt19937 random(20260220);
  for (int step = 0; step < 60; ++step) {
    write_file(first, text);
    const pid_t child = ::fork();
    if (child == 0) {
      pack_file(first, never);
      ::_exit(0);
    }
    BOOST_REQUIRE(child > 0);
    const auto end = tests::Clock::now() + std::chrono::microseconds(random() % 12'000);
    int status = 0;
    bool ended = false;
    while (!ended && tests::Clock::now() < end) {
      ended = ::waitpid(child, &status, WNOHANG) == child;
    }
    if (!ended) {
      ::kill(child, SIGKILL);
      BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    }
    const bool plain = std::filesystem::exists(first);
    BOOST_TEST((plain ? read_file(first) == text : unpacked(first + ".gz") == text));
    std::filesystem::remove(first);
    std::filesystem::remove(first + ".gz");
  }
}

BOOST_AUTO_TEST_SUITE_END()
