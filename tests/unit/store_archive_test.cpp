// Batches of events: all or nothing, cursors included; and files that can't be used.
#include "store/archive/archive.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "lib/system/error.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;

BOOST_FIXTURE_TEST_SUITE(ArchiveSuite, StoreFixture)

BOOST_AUTO_TEST_CASE(several_updates_of_one_body_are_all_kept) {
  auto other = update_of("u1", State::investigating, 0);
  other.incident_id = "other";
  const std::vector<Arrival> arrivals{arrival_of(1, {update_of("u1", State::resolved, 0), other})};
  archive.apply(arrivals);
  BOOST_TEST(reader.incidents({}).incidents.size() == 2);
  const Figures figures = reader.figures();
  BOOST_REQUIRE(figures.tallies.size() == 1);
  BOOST_TEST(figures.tallies[0].incidents == 2);
  BOOST_TEST(figures.tallies[0].open == 1);
  BOOST_TEST(figures.tallies[0].updates == 2);
}

BOOST_AUTO_TEST_CASE(a_batch_that_fails_leaves_nothing_and_its_cursor_stays) {
  put(update_of("u1", State::investigating, 0));
  auto saboteur = storage::Database::open(path, storage::Database::Mode::read_write);
  saboteur.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON updates WHEN new.update_id = 'u3' "
      "BEGIN SELECT RAISE(ABORT, 'refused'); END");
  const std::vector<Arrival> arrivals{arrival_of(2, {update_of("u2", State::identified, 5)}),
                                      arrival_of(3, {update_of("u3", State::resolved, 10)})};
  BOOST_CHECK_THROW(archive.apply(arrivals), storage::Error);
  BOOST_TEST(archive.cursors().at("s") == 1);
  BOOST_TEST(incident().status == "investigating");
  BOOST_TEST(reader.figures().updates() == 1);

  saboteur.execute("DROP TRIGGER refuse");
  archive.apply(arrivals);
  BOOST_TEST(archive.cursors().at("s") == 3);
  BOOST_TEST(incident().status == "resolved");
  BOOST_TEST(reader.figures().updates() == 3);
}

BOOST_AUTO_TEST_CASE(unrecognised_bodies_are_counted_and_their_provider_was_heard) {
  take(unread_of(7));
  const Figures figures = reader.figures();
  BOOST_TEST(figures.unrecognised() == 1);
  BOOST_TEST(figures.updates() == 0);
  BOOST_TEST(figures.providers.at("github").name == "GitHub");
  BOOST_CHECK(figures.providers.at("github").last_heard_at == minute(7));
}

BOOST_AUTO_TEST_CASE(events_that_no_receiver_keeps_any_more_are_counted) {
  const std::vector<Arrival> first{arrival_of(3, {}), arrival_of(4, {})};
  archive.apply(first);
  BOOST_TEST(reader.figures().lost == 2);
  const std::vector<Arrival> second{arrival_of(10, {})};
  archive.apply(second);
  BOOST_TEST(reader.figures().lost == 7);
}

BOOST_AUTO_TEST_CASE(a_journal_that_was_set_back_is_followed) {
  const std::vector<Arrival> first{arrival_of(1, {}), arrival_of(2, {})};
  archive.apply(first);
  const std::vector<Arrival> again{arrival_of(1, {update_of("u1", State::investigating, 0)})};
  BOOST_TEST(!archive.apply(again).complete);  // readers of /events have seen a seq that is new
  BOOST_TEST(archive.cursors().at("s") == 1);
  BOOST_TEST(reader.figures().updates() == 1);
  BOOST_TEST(reader.figures().lost == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ArchiveFileSuite)

// What a start with this file is refused with.
std::string refusal(const std::string& path) {
  try {
    const Archive archive(path);
  } catch (const system::Failure& failure) {
    return failure.what();
  }
  return "";
}

void fill(const std::string& path, int incidents) {
  Archive archive(path);
  for (int i = 1; i <= incidents; ++i) {
    auto update = update_of("u", State::investigating, i);
    update.incident_id = std::to_string(i);
    const std::vector<Arrival> arrivals{arrival_of(static_cast<std::uint64_t>(i), {update})};
    archive.apply(arrivals);
  }
}

BOOST_AUTO_TEST_CASE(a_second_start_goes_on_where_the_first_ended) {
  const tests::TempDir directory;
  fill(directory / "store.db", 3);
  Archive archive(directory / "store.db");
  BOOST_TEST(archive.cursors().at("s") == 3);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused_with_what_to_do) {
  const tests::TempDir directory;
  tests::write_file(directory / "store.db", std::string(4096, 'x'));
  const std::string told = refusal(directory / "store.db");
  BOOST_TEST(told.find("not a database") != std::string::npos);
  BOOST_TEST(told.find("--rebuild") != std::string::npos);
  BOOST_TEST(told.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_refused) {
  const tests::TempDir directory;
  const std::string path = directory / "store.db";
  fill(path, 100);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  BOOST_TEST(refusal(path).find("damaged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_with_a_spoilt_page_is_refused) {
  const tests::TempDir directory;
  const std::string path = directory / "store.db";
  fill(path, 100);
  std::string content = tests::read_file(path);
  BOOST_REQUIRE(content.size() > 8 * 4096);
  content.replace(4096 * 5, 4096, 4096, '\x5a');
  tests::write_file(path, content);
  BOOST_TEST(refusal(path).find("damaged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_version_is_refused) {
  const tests::TempDir directory;
  const std::string path = directory / "store.db";
  fill(path, 1);
  storage::Database::open(path, storage::Database::Mode::read_write)
      .execute("PRAGMA user_version = 99");
  BOOST_TEST(refusal(path).find("another version") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
