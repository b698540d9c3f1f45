// A program that reads more than the one before opens its database: what is read again, and that
// nothing counts twice.
#include "store/archive/relearning.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;

constexpr int kEvents = 8;

status::Reading reads_nothing(const feed::Event&) { return {}; }

// The newer program reads what says so.
status::Reading reads_incidents(const feed::Event& event) {
  status::Reading reading;
  reading.recognised = event.body.find("incident") != std::string::npos;
  return reading;
}

Arrival incident_at(std::uint64_t seq) {
  auto update = update_of("u" + std::to_string(seq), State::investigating, static_cast<int>(seq));
  update.incident_id = "i" + std::to_string(seq);
  return arrival_of(seq, {update});
}

Arrival unread_with(std::uint64_t seq, const std::string& shape, const char* sample) {
  Arrival arrival = unread_of(seq, shape);
  arrival.sample = sample != nullptr ? std::optional<std::string>(sample) : std::nullopt;
  return arrival;
}

// The journal, as the first program reads it, and as the second does: 2, 4 and 6 are incidents in a
// shape that it has learned; 5 has the same shape and is none; 3 and 7 stay strange.
Arrival as_read_before(std::uint64_t seq) {
  switch (seq) {
    case 2:
    case 4:
    case 6:
      return unread_with(seq, "data,type", R"({"type":"incident"})");
    case 5:
      return unread_with(seq, "data,type", R"({"type":"other"})");
    case 3:
    case 7:
      return unread_with(seq, "strange", R"({"strange":1})");
    default:
      return incident_at(seq);
  }
}
Arrival as_read_now(std::uint64_t seq) {
  const bool learned = seq == 2 || seq == 4 || seq == 6;
  return learned ? incident_at(seq) : as_read_before(seq);
}

struct RelearningFixture {
  using Reading = Arrival (*)(std::uint64_t);

  static Knowledge knowing(const char* formats, status::Reading (*read)(const feed::Event&)) {
    return {formats, read};
  }
  void run(const Knowledge& known, std::uint64_t from, std::uint64_t to, Reading reading) {
    Archive archive(path, known);
    read(archive, from, to, reading);
  }
  static void read(Archive& archive, std::uint64_t from, std::uint64_t to, Reading reading) {
    for (std::uint64_t seq = from; seq <= to; ++seq) {
      const Arrival arrival = reading(seq);
      archive.apply({&arrival, 1});
    }
  }
  Figures figures() { return Reader(path).figures(); }
  std::vector<UnrecognisedRecord> list() { return Reader(path).unrecognised({}).shapes; }
  // What a store says that has read everything with the newer program from the start.
  void check_all_is_as_if_made_anew() {
    BOOST_TEST(figures().unrecognised() == 3);
    BOOST_TEST(figures().incidents() == 5);
    BOOST_TEST(figures().tallies.at(0).open == 5);
    BOOST_TEST(figures().updates() == 5);
    BOOST_TEST(figures().lost == 0);
    const auto shapes = list();
    BOOST_REQUIRE(shapes.size() == 2);
    BOOST_TEST(shapes[0].shape == "strange");
    BOOST_TEST(shapes[0].count == 2);
    BOOST_TEST(shapes[0].first.seq == 3);
    BOOST_TEST(shapes[1].shape == "data,type");
    BOOST_TEST(shapes[1].count == 1);
    BOOST_TEST(shapes[1].first.seq == 5);
  }

  tests::TempDir directory;
  std::string path = directory / "store.db";
  Knowledge before = knowing("1 a", reads_nothing);
  Knowledge now = knowing("2 a,b", reads_incidents);
};

BOOST_FIXTURE_TEST_SUITE(store_relearning, RelearningFixture)

BOOST_AUTO_TEST_CASE(what_is_learned_is_read_again_and_counts_once) {
  run(before, 1, kEvents, as_read_before);
  BOOST_TEST(figures().unrecognised() == 6);
  Archive archive(path, now);
  BOOST_TEST(archive.cursors().at("s") == 1);
  read(archive, 2, kEvents, as_read_now);
  check_all_is_as_if_made_anew();
}

BOOST_AUTO_TEST_CASE(it_may_be_ended_at_any_point_of_the_second_reading) {
  for (std::uint64_t end = 1; end < kEvents; ++end) {
    BOOST_TEST_CONTEXT(end) {
      path = directory / ("store" + std::to_string(end) + ".db");
      run(before, 1, kEvents, as_read_before);
      run(now, 2, end, as_read_now);
      run(now, end + 1, kEvents, as_read_now);
      check_all_is_as_if_made_anew();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_third_version_may_come_before_the_second_has_read_all_again) {
  run(before, 1, kEvents, as_read_before);
  run(now, 2, 5, as_read_now);
  const Knowledge next = knowing("3 a,b,c", reads_incidents);
  Archive archive(path, next);
  BOOST_TEST(archive.cursors().at("s") == 5);  // it has learned nothing more
  read(archive, 6, kEvents, as_read_now);
  check_all_is_as_if_made_anew();
}

BOOST_AUTO_TEST_CASE(with_the_same_formats_or_none_that_help_nothing_is_read_again) {
  run(before, 1, kEvents, as_read_before);
  BOOST_TEST(Archive(path, knowing("1 a", reads_incidents)).cursors().at("s") == kEvents);
  BOOST_TEST(Archive(path, knowing("2 a,b", reads_nothing)).cursors().at("s") == kEvents);
  BOOST_TEST(figures().unrecognised() == 6);
  BOOST_TEST(list().size() == 2);
}

BOOST_AUTO_TEST_CASE(without_a_sample_only_the_journal_can_tell) {
  const auto large = [](std::uint64_t seq) {
    return seq == 2 ? unread_with(2, "large", nullptr) : incident_at(seq);
  };
  run(before, 1, 4, large);
  Archive archive(path, knowing("2", reads_nothing));
  BOOST_TEST(archive.cursors().at("s") == 1);
  read(archive, 2, 4, large);
  BOOST_TEST(figures().unrecognised() == 1);
  BOOST_TEST(list().at(0).count == 1);
}

BOOST_AUTO_TEST_CASE(bodies_beyond_the_bounds_are_counted_anew_and_take_the_room_there_is) {
  const auto shapes = [](std::uint64_t seq) {
    const bool learned = seq <= 10;
    return unread_with(seq, "shape" + std::to_string(seq),
                       learned ? R"({"type":"incident"})" : R"({"type":"other"})");
  };
  const auto learned = [](std::uint64_t seq) {
    return seq <= 10 ? incident_at(seq) : unread_with(seq, "shape" + std::to_string(seq), "{}");
  };
  const std::uint64_t all = kMostShapesOfProvider + 5;
  run(before, 1, all, shapes);
  Archive archive(path, now);
  BOOST_TEST(archive.cursors().at("s") == 0);
  read(archive, 1, all, learned);
  BOOST_TEST(figures().unrecognised() == static_cast<std::int64_t>(all) - 10);
  BOOST_TEST(Reader(path).unrecognised({.limit = 500}).shapes.size() == all - 10);
  BOOST_TEST(figures().updates() == 10);
}

BOOST_AUTO_TEST_CASE(what_the_journal_has_dropped_meanwhile_was_applied_and_is_not_lost) {
  run(before, 1, kEvents, as_read_before);
  Archive archive(path, now);
  const Arrival kept = as_read_now(6);
  archive.apply({&kept, 1});
  BOOST_TEST(figures().lost == 0);
  const Arrival far = incident_at(kEvents + 3);  // two after the end are gone indeed
  archive.apply({&far, 1});
  BOOST_TEST(figures().lost == 2);
}

BOOST_AUTO_TEST_CASE(each_stream_is_set_back_to_its_own_first) {
  const auto of_stream = [](const char* stream, std::uint64_t seq, bool readable) {
    Arrival arrival = readable ? incident_at(seq) : as_read_before(2);
    arrival.seq = seq;
    arrival.stream = stream;
    return arrival;
  };
  const std::vector<Arrival> arrivals{of_stream("s", 1, true),  of_stream("s", 2, false),
                                      of_stream("t", 1, true),  of_stream("t", 2, true),
                                      of_stream("t", 3, false), of_stream("u", 1, true)};
  Archive(path, before).apply(arrivals);
  const feed::Cursors cursors = Archive(path, now).cursors();
  BOOST_TEST(cursors.at("s") == 1);
  BOOST_TEST(cursors.at("t") == 2);
  BOOST_TEST(cursors.at("u") == 1);
}

// A reader of /events that had seen all has not seen what is found now.
BOOST_AUTO_TEST_CASE(who_follows_the_events_begins_anew) {
  run(before, 1, kEvents, as_read_before);
  const feed::Cursors seen{{"s", kEvents}};
  BOOST_CHECK(Reader(path).place_of(seen));
  Archive archive(path, now);
  BOOST_CHECK(!Reader(path).place_of(seen));
  read(archive, 1, kEvents + 1, as_read_now);
  BOOST_CHECK(!Reader(path).place_of(seen));
  BOOST_CHECK(Reader(path).place_of({{"s", kEvents + 1}}));
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_it_leaves_all_as_it_was_and_the_next_start_tries_again) {
  run(before, 1, kEvents, as_read_before);
  auto saboteur = storage::Database::open(path, storage::Database::Mode::read_write);
  saboteur.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON rereads BEGIN SELECT RAISE(ABORT, 'refused'); END");
  BOOST_TEST(Archive(path, now).cursors().at("s") == kEvents);
  BOOST_TEST(figures().unrecognised() == 6);
  BOOST_TEST(list().size() == 2);
  saboteur.execute("DROP TRIGGER refuse");
  BOOST_TEST(Archive(path, now).cursors().at("s") == 1);
}

BOOST_AUTO_TEST_CASE(this_program_knows_its_formats_and_its_version) {
  BOOST_TEST(knowledge().formats.find("statuspage") != std::string::npos);
  BOOST_TEST(knowledge().formats.find("0.") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
