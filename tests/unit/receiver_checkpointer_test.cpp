// Copying the WAL beside the commits.
#include "receiver/checkpointer.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

namespace monitor::receiver {
namespace {

constexpr std::size_t kLarge = 1 << 20;
constexpr std::size_t kSmall = 1 << 10;

void append(Journal& journal, int count, std::size_t size) {
  for (int i = 0; i < count; ++i) {
    feed::Event event;
    event.received_at = system::now();
    event.format = "statuspage";
    event.provider = "github";
    event.body = std::string(size, 'x');
    feed::Event* const one = &event;
    BOOST_REQUIRE(!journal.append({&one, 1}));
  }
}

BOOST_AUTO_TEST_SUITE(CheckpointerSuite)

BOOST_AUTO_TEST_CASE(a_burst_is_copied_in_a_quiet_moment_and_its_room_is_given_back) {
  const tests::TempDir place;
  Journal journal(place.path().string());
  const std::string wal = journal.path() + "-wal";
  append(journal, 70, kLarge);
  BOOST_TEST(std::filesystem::file_size(wal) > 70 * kLarge);
  const Checkpointer checkpointer(journal);
  BOOST_TEST(tests::ask_until([&] { return std::filesystem::file_size(wal) == 0; }));
  BOOST_TEST(std::filesystem::file_size(journal.path()) > 70 * kLarge);
}

BOOST_AUTO_TEST_CASE(the_journal_goes_on_and_keeps_all_beside_it) {
  const tests::TempDir place;
  Journal journal(place.path().string());
  {
    Checkpointer checkpointer(journal);
    // Slow enough to be quiet, and long enough for it to copy several times while this goes on.
    BOOST_TEST(tests::ask_until([&] {
      append(journal, 1, kSmall);
      return std::filesystem::file_size(journal.path()) > kLarge;
    }));
  }
  JournalReader reader(journal.path(), journal.stream());
  BOOST_TEST(reader.bounds().last == journal.last_seq());
  std::uint64_t seq = 0;
  while (seq < journal.last_seq()) {
    const auto events = reader.read(seq + 1, 10, UINT64_MAX);
    BOOST_REQUIRE(!events.empty());
    for (const feed::Event& event : events) {
      BOOST_REQUIRE(event.seq == ++seq);
      BOOST_REQUIRE(event.body.size() == kSmall);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::receiver
