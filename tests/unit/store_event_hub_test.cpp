// What readers of GET /events get, over the ring, the database and restarts.
#include "store/api/event_hub.h"

#include <boost/test/unit_test.hpp>
#include <random>

namespace monitor::store {
namespace {

// A database of events in memory.
struct FakeBacklog : Backlog {
  std::vector<Event> events_after(std::int64_t place, std::size_t limit) override {
    std::vector<Event> found;
    for (const Event& event : events) {
      if (event.place > place && event.place > dropped && found.size() < limit) {
        found.push_back(event);
      }
    }
    return found;
  }
  std::optional<std::int64_t> place_of(const Seen& seen) override {
    std::int64_t place = static_cast<std::int64_t>(events.size());
    for (const Event& event : events) {
      const auto known = seen.find(event.stream);
      const bool unseen = known == seen.end() || event.seq > known->second;
      if (unseen && event.place <= dropped) {
        return std::nullopt;
      }
      place = unseen ? std::min(place, event.place - 1) : place;
    }
    return place;
  }
  Standing standing() override { return {static_cast<std::int64_t>(events.size()), streams}; }

  Event add(std::uint64_t seq, const std::string& stream = "s", bool ends = true,
            const std::string& provider = "github") {
    const auto place = static_cast<std::int64_t>(events.size()) + 1;
    events.push_back({.place = place,
                      .stream = stream,
                      .seq = seq,
                      .ends_seq = ends,
                      .provider = provider,
                      .json = "#" + std::to_string(place)});
    streams[stream] = seq;
    return events.back();
  }

  std::vector<Event> events;
  Seen streams;
  std::int64_t dropped = 0;
};

struct HubFixture {
  void tell(const Event& event) { hub.tell({{event}, true}); }
  // All that a reader gets until there is nothing, or "(end)".
  static std::string read(http::Stream& stream, std::size_t room = 4096) {
    std::string text;
    std::string buffer(room, '\0');
    for (;;) {
      const auto size = stream.read(buffer);
      if (!size || *size == 0) {
        return text + (size ? "" : "(end)");
      }
      text += buffer.substr(0, *size);
    }
  }
  std::unique_ptr<http::Stream> follow(const std::string& id = "", const std::string& of = "") {
    auto stream = hub.follow(of, id);
    greeting = read(*stream);
    return stream;
  }

  FakeBacklog backlog;
  EventHub hub{backlog};
  std::string greeting;
};

const std::string kHello = "retry: 2000\n: status-store\n";

std::string hello(const std::string& id) { return kHello + "id: " + id + "\n\n"; }
std::string reset(const std::string& id) {
  return kHello + "event: reset\ndata: {}\nid: " + id + "\n\n";
}

BOOST_FIXTURE_TEST_SUITE(store_event_hub, HubFixture)

BOOST_AUTO_TEST_CASE(a_new_reader_gets_what_comes) {
  tell(backlog.add(1));
  const auto stream = follow();
  BOOST_TEST(greeting == hello("1"));
  tell(backlog.add(2));
  BOOST_TEST(read(*stream) == "id: 2\ndata: #2\n\n");
  BOOST_TEST(read(*stream) == "");
}

BOOST_AUTO_TEST_CASE(one_that_was_away_gets_all_since_its_last_id) {
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    tell(backlog.add(seq));
  }
  follow("1");
  BOOST_TEST(greeting == hello("1") + "id: 2\ndata: #2\n\nid: 3\ndata: #3\n\n");
  follow("3");
  BOOST_TEST(greeting == hello("3"));
}

BOOST_AUTO_TEST_CASE(the_id_comes_with_the_last_event_of_a_webhook) {
  backlog.add(0);
  const auto stream = follow();
  tell(backlog.add(7, "s", false));
  tell(backlog.add(7));
  BOOST_TEST(read(*stream) == "data: #2\n\nid: 7\ndata: #3\n\n");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_resumed_is_reset) {
  tell(backlog.add(1));
  tell(backlog.add(2));
  for (const char* id : {"99", "x", "s:", ":1", "s:3", "t:1", "t:1,s:3", "-1"}) {
    follow(id);
    BOOST_TEST(greeting == reset("2"), id);
  }
  for (const char* id : {"1", "s:1", "s:1,"}) {
    follow(id);
    BOOST_TEST(greeting == hello("1") + "id: 2\ndata: #2\n\n", id);
  }
  backlog.dropped = 2;
  follow("1");
  BOOST_TEST(greeting == reset("2"));
}

// Else all that was published while it was away would be missing.
BOOST_AUTO_TEST_CASE(one_that_is_cut_before_its_first_event_knows_where_it_was) {
  tell(backlog.add(1));
  follow("", "gitlab");
  BOOST_TEST(greeting == hello("1"));
  HubFixture fresh;
  fresh.follow();
  BOOST_TEST(fresh.greeting == kHello + "\n");  // nothing is known yet
}

BOOST_AUTO_TEST_CASE(a_filter_that_nothing_passes_lets_others_have_their_turn) {
  for (std::uint64_t seq = 1; seq <= 600; ++seq) {
    backlog.add(seq);
  }
  const auto stream = hub.follow("gitlab", "0");
  std::string text(4096, '\0');
  BOOST_TEST(stream->read(text).value() == (kHello + "id: 0\n\n").size());
  const auto size = stream->read(text).value();
  BOOST_TEST(text.substr(0, size) == ": nothing for you so far\nid: 256\n\n");
  BOOST_TEST(read(*stream) == ": nothing for you so far\nid: 512\n\n");
  tell(backlog.add(601, "s", true, "gitlab"));
  BOOST_TEST(read(*stream) == "id: 601\ndata: #601\n\n");
}

BOOST_AUTO_TEST_CASE(of_two_streams_the_id_tells_both) {
  backlog.add(1, "a");
  backlog.add(5, "b");
  const auto stream = follow();
  tell(backlog.add(2, "a"));
  BOOST_TEST(read(*stream) == "id: a:2,b:5\ndata: #3\n\n");
  follow("2");  // of which?
  BOOST_TEST(greeting == reset("a:2,b:5"));
  follow("a:1,b:5");
  BOOST_TEST(greeting == hello("a:1,b:5") + "id: a:2,b:5\ndata: #3\n\n");
}

// The other store had applied b's first.
BOOST_AUTO_TEST_CASE(at_another_store_nothing_comes_twice) {
  backlog.add(1, "a");
  backlog.add(2, "a");
  backlog.add(1, "b");
  follow("a:1,b:1");
  BOOST_TEST(greeting == hello("a:1,b:1") + "id: a:2,b:1\ndata: #2\n\n");
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_brings_the_id_of_what_was_for_others) {
  backlog.add(1);
  const auto stream = follow("", "gitlab");
  tell(backlog.add(2));
  BOOST_TEST(read(*stream) == "");
  hub.beat();
  BOOST_TEST(read(*stream) == ": alive\nid: 2\n\n");
  tell(backlog.add(3, "s", true, "gitlab"));
  BOOST_TEST(read(*stream) == "id: 3\ndata: #3\n\n");
}

BOOST_AUTO_TEST_CASE(a_small_room_gets_the_same_text) {
  const auto stream = follow();
  tell(backlog.add(1));
  BOOST_TEST(read(*stream, 1) == "id: 1\ndata: #1\n\n");
}

BOOST_AUTO_TEST_CASE(who_fell_behind_the_ring_is_served_by_the_database_and_behind_that_ended) {
  const auto slow = follow();
  const auto slower = follow();
  for (std::uint64_t seq = 1; seq <= 2 * kRingEvents; ++seq) {
    tell(backlog.add(seq));
  }
  const std::string text = read(*slow);
  BOOST_TEST(text.starts_with("id: 1\n"));
  BOOST_TEST(text.ends_with("data: #2000\n\n"));
  backlog.dropped = 10;
  BOOST_TEST(read(*slower) == "(end)");
}

BOOST_AUTO_TEST_CASE(another_database_or_too_much_news_ends_all) {
  const auto one = follow();
  hub.end_all();
  BOOST_TEST(read(*one) == "(end)");
  const auto two = follow();
  hub.tell({{}, false});
  BOOST_TEST(read(*two) == "(end)");
  BOOST_TEST(hub.readers() == 2U);
}

BOOST_AUTO_TEST_CASE(there_is_room_for_so_many) {
  std::vector<std::unique_ptr<http::Stream>> readers;
  for (std::size_t i = 0; i < kMostReaders; ++i) {
    readers.push_back(hub.follow("", ""));
  }
  BOOST_CHECK(hub.follow("", "") == nullptr);
  readers.pop_back();
  BOOST_CHECK(hub.follow("", "") != nullptr);
}

// Whatever is kept before it is told, read before or after, restarted between: each once, in order.
BOOST_AUTO_TEST_CASE(no_gap_and_no_double_however_news_and_readers_interleave) {
  std::mt19937 random(20260220);
  for (int round = 0; round < 200; ++round) {
    HubFixture world;
    std::uint64_t seq = 0;
    std::size_t told = 0;
    std::string last = "0";
    std::string got;
    world.backlog.streams["s"] = 0;
    auto stream = world.follow(last);
    for (int step = 0; step < 60; ++step) {
      switch (random() % 4) {
        case 0:
          world.backlog.add(++seq);
          break;
        case 1:
          if (told < world.backlog.events.size()) {
            world.tell(world.backlog.events[told++]);
          }
          break;
        case 2:
          got += read(*stream, 1 + random() % 50);
          break;
        default:  // cut, and back with the id of the last whole event
          got += read(*stream);
          last = got.empty() ? "0" : std::to_string(std::count(got.begin(), got.end(), '#'));
          stream = world.follow(last);
          got += world.greeting.substr(hello(last).size());
      }
    }
    while (told < world.backlog.events.size()) {
      world.tell(world.backlog.events[told++]);
    }
    got += read(*stream);
    std::string expected;
    for (std::uint64_t i = 1; i <= seq; ++i) {
      expected += "id: " + std::to_string(i) + "\ndata: #" + std::to_string(i) + "\n\n";
    }
    BOOST_TEST(got == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
