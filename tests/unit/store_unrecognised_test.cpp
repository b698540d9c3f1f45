// What nobody could read: one row a shape, bounded, each event counted once.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "lib/json/document.h"
#include "store/archive/unrecognised_rows.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

struct UnrecognisedFixture : StoreFixture {
  std::vector<UnrecognisedRecord> list() { return reader.unrecognised({.limit = 500}).shapes; }
  std::int64_t total() { return reader.figures().unrecognised(); }
};

feed::Event event_of(std::string body) {
  return {.stream = "s",
          .seq = 1,
          .received_at = minute(1),
          .format = "auto",
          .provider = "github",
          .provider_name = "GitHub",
          .body = std::move(body)};
}

BOOST_FIXTURE_TEST_SUITE(store_unrecognised_rows, UnrecognisedFixture)

BOOST_AUTO_TEST_CASE(bodies_of_one_shape_are_one_row_with_the_first_the_last_and_the_newest_body) {
  take(unread_of(3));
  take(unread_of(5));
  take(unread_of(9));
  BOOST_REQUIRE(list().size() == 1);
  const UnrecognisedRecord row = list().front();
  BOOST_TEST(row.provider == "github");
  BOOST_TEST(row.provider_name == "GitHub");
  BOOST_TEST(row.format == "auto");
  BOOST_TEST(row.shape == "hello,ping");
  BOOST_TEST(row.count == 3);
  BOOST_TEST(row.first.stream == "s");
  BOOST_TEST(row.first.seq == 3);
  BOOST_CHECK(row.first.received_at == minute(3));
  BOOST_TEST(row.last.seq == 9);
  BOOST_CHECK(row.last.received_at == minute(9));
  BOOST_TEST(row.sample == R"({"seq":9})");
  BOOST_TEST(total() == 3);
}

BOOST_AUTO_TEST_CASE(provider_format_and_shape_tell_rows_apart) {
  take(unread_of(1));
  take(unread_of(2, "other"));
  Arrival format = unread_of(3);
  format.format = "statuspage";
  take(format);
  Arrival provider = unread_of(4);
  provider.provider = "openai";
  take(provider);
  BOOST_TEST(list().size() == 4);
}

BOOST_AUTO_TEST_CASE(of_two_streams_the_older_body_is_the_first_and_the_newer_one_the_last) {
  take(unread_of(5));
  Arrival older = unread_of(1);
  older.stream = "t";
  take(older);
  const UnrecognisedRecord row = list().front();
  BOOST_TEST(row.count == 2);
  BOOST_TEST(row.first.stream == "t");
  BOOST_TEST(row.last.stream == "s");
  BOOST_TEST(row.sample == R"({"seq":5})");
}

BOOST_AUTO_TEST_CASE(an_event_that_is_read_again_is_not_counted_again) {
  UnrecognisedRows rows(database);
  BOOST_TEST(rows.put(unread_of(5)));
  BOOST_TEST(!rows.put(unread_of(5)));
  BOOST_TEST(!rows.put(unread_of(4)));
  BOOST_TEST(rows.put(unread_of(6)));
  BOOST_TEST(list().front().count == 2);
}

BOOST_AUTO_TEST_CASE(what_follows_in_a_journal_that_was_set_back_is_new) {
  take(unread_of(5));
  take(unread_of(3));
  take(unread_of(4));
  BOOST_TEST(total() == 3);
  BOOST_TEST(list().front().count == 3);
}

BOOST_AUTO_TEST_CASE(a_provider_cannot_fill_the_table_with_shapes) {
  std::uint64_t next = 0;
  for (std::int64_t i = 0; i < kMostShapesOfProvider + 10; ++i) {
    take(unread_of(++next, fmt::format("shape{}", i)));
  }
  BOOST_TEST(list().size() == static_cast<std::size_t>(kMostShapesOfProvider));
  BOOST_TEST(total() == kMostShapesOfProvider + 10);
  take(unread_of(++next, "shape0"));  // one that is known goes on
  BOOST_TEST(list().front().count == 2);
  Arrival other = unread_of(++next);
  other.provider = "openai";
  take(other);
  BOOST_TEST(list().size() == static_cast<std::size_t>(kMostShapesOfProvider) + 1);
}

BOOST_AUTO_TEST_CASE(all_providers_together_cannot_fill_it_either) {
  std::vector<Arrival> arrivals;
  for (std::int64_t i = 0; i < kMostShapes + 10; ++i) {
    arrivals.push_back(unread_of(static_cast<std::uint64_t>(i) + 1, fmt::format("shape{}", i)));
    arrivals.back().provider = fmt::format("provider{}", i / (kMostShapesOfProvider - 1));
  }
  archive.apply(arrivals);
  auto rows = database.prepare("SELECT count(*), count(sample) FROM unrecognised WHERE rest = 0");
  BOOST_REQUIRE(rows.step());
  BOOST_TEST(rows.integer(0) == kMostShapes);
  BOOST_TEST(rows.integer(1) == kMostShapes);
  BOOST_TEST(total() == kMostShapes + 10);
}

BOOST_AUTO_TEST_CASE(pages_follow_each_other_newest_first) {
  take(unread_of(1, "a"));
  take(unread_of(2, "b"));
  take(unread_of(3, "c"));
  UnrecognisedQuery query{.limit = 2};
  const UnrecognisedPage first = reader.unrecognised(query);
  BOOST_REQUIRE(first.shapes.size() == 2);
  BOOST_TEST(first.shapes[0].shape == "c");
  BOOST_TEST(first.shapes[1].shape == "b");
  BOOST_REQUIRE(first.next);
  query.after = first.next;
  const UnrecognisedPage second = reader.unrecognised(query);
  BOOST_REQUIRE(second.shapes.size() == 1);
  BOOST_TEST(second.shapes[0].shape == "a");
  BOOST_CHECK(!second.next);
  BOOST_TEST(reader.unrecognised({.provider = "openai"}).shapes.empty());
}

BOOST_AUTO_TEST_CASE(it_is_kept_with_the_cursor_or_not_at_all) {
  database.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON unrecognised WHEN new.shape = 'b' "
      "BEGIN SELECT RAISE(ABORT, 'refused'); END");
  const std::vector<Arrival> arrivals{unread_of(1, "a"), unread_of(2, "b")};
  BOOST_CHECK_THROW(archive.apply(arrivals), storage::Error);
  BOOST_TEST(list().empty());
  BOOST_TEST(archive.cursors().empty());
  database.execute("DROP TRIGGER refuse");
  archive.apply(arrivals);
  BOOST_TEST(list().size() == 2);
  BOOST_TEST(total() == 2);
}

BOOST_AUTO_TEST_CASE(a_sample_is_the_body_as_json) {
  BOOST_TEST(understand(event_of("\xEF\xBB\xBF{\"a\":1}")).sample.value() == "{\"a\":1}");
  BOOST_CHECK(!understand(event_of("no JSON")).sample);
  const std::string most = '"' + std::string(kMaxSample - 2, 'x') + '"';
  BOOST_TEST(understand(event_of(most)).sample.value() == most);
  BOOST_CHECK(!understand(event_of(most + ' ')).sample);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
