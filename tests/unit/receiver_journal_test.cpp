#include "receiver/journal.h"

#include <signal.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using receiver::Journal;
using receiver::JournalReader;
using receiver::Keep;
using Mode = storage::Database::Mode;

namespace {

constexpr std::chrono::seconds kAlways{std::chrono::hours(24 * 365)};
constexpr std::uint64_t kAnySize = std::uint64_t{1} << 40;

feed::Event event(const std::string& body, system::Time received_at = system::now()) {
  return {.stream = {},
          .seq = 0,
          .received_at = received_at,
          .format = "statuspage",
          .provider = "github",
          .provider_name = "GitHub",
          .test = false,
          .body = body};
}

std::optional<std::string> append(Journal& journal, std::vector<feed::Event> events) {
  std::vector<feed::Event*> pointers;
  for (feed::Event& one : events) {
    pointers.push_back(&one);
  }
  return journal.append(pointers);
}

void append_many(Journal& journal, int count, const std::string& body,
                 system::Time received_at = system::now()) {
  BOOST_REQUIRE(!append(journal, std::vector<feed::Event>(static_cast<std::size_t>(count),
                                                          event(body, received_at))));
}

std::vector<std::uint64_t> seqs(const std::vector<feed::Event>& events) {
  std::vector<std::uint64_t> seqs;
  for (const feed::Event& one : events) {
    seqs.push_back(one.seq);
  }
  return seqs;
}

using Seqs = std::vector<std::uint64_t>;

// No file of this process may grow beyond `bytes`: for SQLite a disk that takes no more.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uintmax_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

// What journals are made of, and a body that leaves no room for another on it.
constexpr std::size_t kPage = 16384;
constexpr std::size_t kFillsAPage = 15000;

struct Place {
  tests::TempDir directory;
  std::string path = directory.path().string();
  std::string file = directory / "journal.db";

  JournalReader reader(const Journal& journal) const {
    return JournalReader(journal.path(), journal.stream());
  }
  // Another program's hand in the file.
  void meddle(const char* sql) const {
    storage::Database::open(file, Mode::read_write).execute(sql);
  }
  // The page on which `body` stands is no page any more.
  void spoil_page_of(const std::string& body) const {
    std::string content = tests::read_file(file);
    const std::size_t at = content.find(body);
    BOOST_TEST_REQUIRE(at != std::string::npos);
    std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(at / kPage * kPage), 8, '\xFF');
    tests::write_file(file, content);
  }
  void check_refused(const std::string& expected) const {
    BOOST_CHECK_EXCEPTION(Journal{path}, system::Failure, [&](const system::Failure& error) {
      BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
      BOOST_TEST(std::string(error.what()).find(file) != std::string::npos, error.what());
      return true;
    });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_journal)

BOOST_AUTO_TEST_CASE(a_new_journal_is_empty_and_has_a_stream_of_its_own) {
  const Place place;
  const Place other;
  const Journal journal(place.path);
  BOOST_TEST(journal.first_seq() == 1U);
  BOOST_TEST(journal.last_seq() == 0U);
  BOOST_TEST(journal.stream().size() == 16U);
  BOOST_TEST(journal.stream().find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") ==
             std::string::npos);
  BOOST_TEST(journal.stream() != Journal(other.path).stream());
}

BOOST_AUTO_TEST_CASE(events_are_numbered_in_order_and_told_their_stream) {
  const Place place;
  Journal journal(place.path);
  feed::Event a = event("a");
  feed::Event b = event("b");
  feed::Event c = event("c");
  feed::Event* first[] = {&a, &b};
  feed::Event* second[] = {&c};
  BOOST_TEST(!journal.append(first));
  BOOST_TEST(!journal.append(second));
  BOOST_TEST((Seqs{a.seq, b.seq, c.seq} == Seqs{1, 2, 3}));
  BOOST_TEST(c.stream == journal.stream());
  BOOST_TEST(journal.last_seq() == 3U);
  BOOST_TEST(journal.first_seq() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reopened_journal_goes_on_where_it_ended) {
  const Place place;
  std::string stream;
  {
    Journal journal(place.path);
    stream = journal.stream();
    append_many(journal, 3, "{}");
  }
  Journal journal(place.path);
  BOOST_TEST(journal.stream() == stream);
  BOOST_TEST(journal.last_seq() == 3U);
  append_many(journal, 1, "{}");
  BOOST_TEST(journal.last_seq() == 4U);
}

BOOST_AUTO_TEST_CASE(everything_of_an_event_is_kept) {
  const Place place;
  Journal journal(place.path);
  feed::Event one = event(std::string("{\"a\":\"\0\xff\"}", 10), system::from_microseconds(-7));
  one.provider_name = "";
  one.test = true;
  BOOST_REQUIRE(!append(journal, {one}));
  const auto events = place.reader(journal).read(1, 10, 1000);
  BOOST_REQUIRE(events.size() == 1U);
  BOOST_TEST(events[0].body == one.body);
  BOOST_TEST(events[0].stream == journal.stream());
  BOOST_TEST((events[0].received_at == one.received_at));
  BOOST_TEST(events[0].format == "statuspage");
  BOOST_TEST(events[0].provider == "github");
  BOOST_TEST(events[0].provider_name == "");
  BOOST_TEST(events[0].test);
}

BOOST_AUTO_TEST_CASE(a_batch_is_kept_whole_or_not_at_all) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 1, "{}");
  place.meddle(
      "CREATE TRIGGER no BEFORE INSERT ON events WHEN NEW.body = CAST('bad' AS BLOB) "
      "BEGIN SELECT RAISE(ABORT, 'refused'); END");
  const auto reason = append(journal, {event("a"), event("bad"), event("b")});
  BOOST_REQUIRE(reason);
  BOOST_TEST(reason->find("refused") != std::string::npos);
  BOOST_TEST(journal.last_seq() == 1U);
  BOOST_TEST((seqs(place.reader(journal).read(1, 10, 1000)) == Seqs{1}));
  append_many(journal, 2, "c");
  BOOST_TEST((seqs(place.reader(journal).read(1, 10, 1000)) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_no_more_makes_no_hole) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 1, "{}");
  {
    const FileSizeLimit limit(std::filesystem::file_size(place.file + "-wal") + 30'000);
    for (int i = 0; i < 3; ++i) {
      BOOST_TEST(append(journal, {event("{}"), event(std::string(200'000, 'x'))}).has_value());
    }
    BOOST_TEST(journal.last_seq() == 1U);
  }
  append_many(journal, 2, "{}");
  BOOST_TEST((seqs(place.reader(journal).read(1, 10, 1000)) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_reader_that_stays_does_not_stop_the_writer) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 10, "{}");
  const auto reader = storage::Database::open(place.file, Mode::read_only);
  auto rows = reader.prepare("SELECT seq FROM events");
  BOOST_REQUIRE(rows.step());
  const auto begin = std::chrono::steady_clock::now();
  append_many(journal, 10, "{}");
  journal.restart_wal();
  append_many(journal, 10, "{}");
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_journal_refuses)

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_with_what_to_do) {
  const Place place;
  tests::write_file(place.file, std::string(8192, 'x'));
  place.check_refused("move it away");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_with_what_to_do) {
  const Place place;
  {
    Journal journal(place.path);
    append_many(journal, 100, std::string(1000, 'x'));
  }
  std::string bytes = tests::read_file(place.file);
  bytes.replace(4096, bytes.size() - 4096, bytes.size() - 4096, '\x5a');
  tests::write_file(place.file, bytes);
  place.check_refused("move it away");
}

BOOST_AUTO_TEST_CASE(a_version_it_does_not_know) {
  for (const char* version : {"PRAGMA user_version=4", "PRAGMA user_version=-1"}) {
    const Place place;
    { const Journal journal(place.path); }
    place.meddle(version);
    place.check_refused("this program knows 3");
  }
}

BOOST_AUTO_TEST_CASE(somebody_elses_database) {
  const Place place;
  place.meddle("CREATE TABLE events(x)");
  place.check_refused("already exists");
}

BOOST_AUTO_TEST_CASE(a_journal_without_a_stream) {
  const Place place;
  { const Journal journal(place.path); }
  place.meddle("DELETE FROM stream");
  place.check_refused("no stream id");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there) {
  const Place place;
  BOOST_CHECK_THROW(Journal(place.path + "/none"), system::Failure);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_journal_retire)

BOOST_AUTO_TEST_CASE(what_is_young_and_small_enough_stays) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 5, "{}");
  BOOST_TEST(journal.retire({kAlways, kAnySize}, system::now(), 100) == 0U);
  BOOST_TEST(journal.first_seq() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_too_old_goes_oldest_first) {
  const Place place;
  Journal journal(place.path);
  const auto now = system::now();
  const auto old = now - std::chrono::hours(2);
  append_many(journal, 3, "{}", old);
  append_many(journal, 2, "{}", now);
  const Keep keep{std::chrono::hours(1), kAnySize};
  BOOST_TEST(journal.retire(keep, now, 2) == 2U);
  BOOST_TEST(journal.first_seq() == 3U);
  BOOST_TEST(journal.retire(keep, now, 2) == 1U);
  BOOST_TEST(journal.retire(keep, now, 2) == 0U);
  BOOST_TEST((seqs(place.reader(journal).read(1, 10, 1000)) == Seqs{4, 5}));
  BOOST_TEST(journal.last_seq() == 5U);
}

// A clock that was set back must not make holes.
BOOST_AUTO_TEST_CASE(an_old_one_behind_a_young_one_stays) {
  const Place place;
  Journal journal(place.path);
  const auto now = system::now();
  append_many(journal, 1, "{}", now);
  append_many(journal, 3, "{}", now - std::chrono::hours(2));
  BOOST_TEST(journal.retire({std::chrono::hours(1), kAnySize}, now, 100) == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_too_much_goes_a_bounded_number_at_a_time) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 100, std::string(10'000, 'x'));
  const Keep keep{kAlways, 500'000};
  BOOST_TEST(journal.bytes() > 1'000'000U);
  std::uint64_t retired = 0;
  for (std::uint64_t now = 1; now > 0; retired += now) {
    now = journal.retire(keep, system::now(), 7);
    BOOST_TEST(now <= 7U);
  }
  BOOST_TEST(journal.bytes() <= 500'000U);
  BOOST_TEST(retired > 40U);
  BOOST_TEST(retired < 90U);
  BOOST_TEST(journal.first_seq() == retired + 1);
}

BOOST_AUTO_TEST_CASE(the_newest_always_stays_so_that_no_number_comes_again) {
  const Place place;
  {
    Journal journal(place.path);
    append_many(journal, 5, "{}", system::now() - std::chrono::hours(2));
    BOOST_TEST(journal.retire({std::chrono::seconds(0), 0}, system::now(), 100) == 4U);
    BOOST_TEST(journal.retire({std::chrono::seconds(0), 0}, system::now(), 100) == 0U);
    BOOST_TEST(journal.first_seq() == 5U);
  }
  Journal journal(place.path);
  BOOST_TEST(journal.first_seq() == 5U);
  append_many(journal, 1, "{}");
  BOOST_TEST(journal.last_seq() == 6U);
}

BOOST_AUTO_TEST_CASE(an_empty_journal_has_nothing_to_retire) {
  const Place place;
  Journal journal(place.path);
  BOOST_TEST(journal.retire({std::chrono::seconds(0), 0}, system::now(), 100) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_journal_reader)

BOOST_AUTO_TEST_CASE(bounds_are_what_is_on_disk) {
  const Place place;
  Journal journal(place.path);
  JournalReader reader = place.reader(journal);
  BOOST_TEST(reader.bounds().first == 1U);
  BOOST_TEST(reader.bounds().last == 0U);
  append_many(journal, 4, "{}", system::now() - std::chrono::hours(2));
  BOOST_TEST(reader.bounds().last == 4U);
  journal.retire({std::chrono::hours(1), kAnySize}, system::now(), 2);
  BOOST_TEST(reader.bounds().first == 3U);
  BOOST_TEST(reader.bounds().last == 4U);
}

BOOST_AUTO_TEST_CASE(at_most_so_many_events_are_read) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 10, "{}");
  JournalReader reader = place.reader(journal);
  BOOST_TEST((seqs(reader.read(1, 3, 1000)) == Seqs{1, 2, 3}));
  BOOST_TEST((seqs(reader.read(9, 3, 1000)) == Seqs{9, 10}));
  BOOST_TEST(reader.read(11, 3, 1000).empty());
  BOOST_TEST(reader.read(1, 0, 1000).empty());
  BOOST_TEST(reader.read(INT64_MAX, 3, 1000).empty());
  BOOST_TEST((seqs(reader.read(0, 1, 1000)) == Seqs{1}));
}

BOOST_AUTO_TEST_CASE(a_batch_ends_with_the_event_that_fills_it_and_holds_at_least_one) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 10, std::string(100, 'x'));
  JournalReader reader = place.reader(journal);
  BOOST_TEST(reader.read(1, 10, 250).size() == 3U);
  BOOST_TEST(reader.read(1, 10, 300).size() == 3U);
  BOOST_TEST(reader.read(1, 10, 1).size() == 1U);
  BOOST_TEST(reader.read(1, 10, 1'000'000).size() == 10U);
}

BOOST_AUTO_TEST_CASE(what_is_no_longer_what_was_written_is_left_out_and_counted) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 6, "{}");
  place.meddle("UPDATE events SET body = '{ }' WHERE seq = 2");
  place.meddle("UPDATE events SET provider = 'gitlab' WHERE seq = 3");
  place.meddle("UPDATE events SET checksum = NULL WHERE seq = 5");
  JournalReader reader = place.reader(journal);
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == (Seqs{1, 4, 6}));
  BOOST_TEST(seqs(reader.read(2, 1, kAnySize)) == Seqs{4});  // a batch of nothing would end there
  BOOST_TEST((reader.damaged() == std::set<std::uint64_t>{2, 3, 5}));
}

BOOST_AUTO_TEST_CASE(a_damaged_end_of_the_journal_ends_what_is_read) {
  const Place place;
  Journal journal(place.path);
  append_many(journal, 3, "{}");
  JournalReader reader = place.reader(journal);
  place.meddle("UPDATE events SET body = '{ }' WHERE seq >= 2");
  BOOST_TEST(seqs(reader.read(2, 1, kAnySize)).empty());
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == Seqs{1});
  append_many(journal, 1, "{}");
  BOOST_TEST(seqs(reader.read(2, 2, kAnySize)) == Seqs{4});
  BOOST_TEST((reader.damaged() == std::set<std::uint64_t>{2, 3}));
}

BOOST_AUTO_TEST_CASE(an_event_on_a_page_that_can_not_be_read_is_left_out_and_counted) {
  const Place place;
  std::string stream;
  {
    Journal journal(place.path);
    stream = journal.stream();
    for (const char name : {'a', 'b', 'c', 'd', 'e'}) {
      append_many(journal, 1, std::string(kFillsAPage, name));
    }
  }
  place.spoil_page_of(std::string(kFillsAPage, 'b'));
  JournalReader reader(place.file, stream);
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == Seqs{1});
  BOOST_TEST(seqs(reader.read(2, 100, kAnySize)) == (Seqs{3, 4, 5}));
  BOOST_TEST((reader.damaged() == std::set<std::uint64_t>{2}));
}

BOOST_AUTO_TEST_CASE(a_damaged_newest_event_is_refused_since_numbers_stand_on_it) {
  const Place place;
  {
    Journal journal(place.path);
    append_many(journal, 3, "{}");
  }
  place.meddle("UPDATE events SET seq = 1000 WHERE seq = 3");
  place.check_refused("not what was written");
}

BOOST_AUTO_TEST_CASE(a_journal_of_version_1_is_taken_over_and_checked_from_then_on) {
  const Place place;
  place.meddle(
      "CREATE TABLE events(seq INTEGER PRIMARY KEY, received_at INTEGER NOT NULL,"
      " format TEXT NOT NULL, provider TEXT NOT NULL, provider_name TEXT NOT NULL,"
      " test INTEGER NOT NULL, body BLOB NOT NULL);"
      "CREATE TABLE stream(id TEXT NOT NULL);"
      "INSERT INTO stream VALUES('k3v9x0q2m8d4w7ta');"
      "INSERT INTO events VALUES(7, 5, 'statuspage', 'github', 'GitHub', 0, '{\"a\":1}');"
      "INSERT INTO events VALUES(8, 6, 'statuspage', 'github', 'GitHub', 0, '{\"a\":2}');"
      "PRAGMA user_version=1");
  Journal journal(place.path);
  BOOST_TEST(journal.stream() == "k3v9x0q2m8d4w7ta");
  append_many(journal, 2, "{}");
  JournalReader reader = place.reader(journal);
  const auto events = reader.read(1, 100, kAnySize);
  BOOST_TEST(seqs(events) == (Seqs{7, 8, 9, 10}));
  BOOST_TEST(events[0].body == "{\"a\":1}");
  place.meddle("UPDATE events SET body = '{ }' WHERE seq = 9");
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == (Seqs{7, 8, 10}));
}

BOOST_AUTO_TEST_CASE(a_journal_of_version_2_is_taken_over_although_its_checksums_were_others) {
  const Place place;
  {
    Journal journal(place.path);
    append_many(journal, 3, "{}");
  }
  place.meddle("UPDATE events SET checksum = checksum + 1; PRAGMA user_version=2");
  Journal journal(place.path);
  append_many(journal, 1, "{}");
  JournalReader reader = place.reader(journal);
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == (Seqs{1, 2, 3, 4}));
  place.meddle("UPDATE events SET body = '{ }' WHERE seq = 4");
  BOOST_TEST(seqs(reader.read(1, 100, kAnySize)) == (Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
