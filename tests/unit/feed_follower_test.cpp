#include "lib/feed/follower.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/subscriber.h"
#include "tests/unit/feed_receiver_fixture.h"

using namespace monitor;
using namespace monitor::feed;
using tests::FakeReceiver;
using tests::Seqs;

namespace {

// A follower of `receiver`, driven together with it in one thread. Its clock is ours.
struct Following {
  explicit Following(FakeReceiver& given, Cursors cursors = {}, Begin begin = Begin::start)
      : receiver(given), follower(context, given.source(), cursors, begin) {}

  Follower::Clock::time_point now() const { return Follower::Clock::now() + ahead; }

  // The next event, or nothing once `done` is true.
  std::optional<Event> next_unless(const std::function<bool()>& done) {
    const tests::Deadline deadline;
    while (!deadline.over()) {
      receiver.serve();
      if (auto event = follower.take(now())) {
        return event;
      }
      if (done()) {
        return std::nullopt;
      }
      std::vector<zmq::pollitem_t> items{receiver.poll_item()};
      follower.add_poll_items(items);
      zmq::poll(items, std::chrono::milliseconds(5));
    }
    BOOST_FAIL("waited in vain");
    return std::nullopt;
  }
  Seqs take(std::size_t count) {
    Seqs seqs;
    while (seqs.size() < count) {
      seqs.push_back(next_unless([] { return false; }).value().seq);
    }
    return seqs;
  }
  // Goes on until `done`; no event may come meanwhile.
  void run_until(const std::function<bool()>& done) {
    const auto event = next_unless(done);
    BOOST_TEST(!event.has_value());
  }
  void catch_up() {
    run_until([&] { return progress().following && progress().lag == 0; });
  }
  // Caught up, and heard live.
  void settle() {
    receiver.wait_for_subscriber();
    catch_up();
  }
  Subscriber::Progress progress() const {
    Subscriber::Progress progress;
    progress.following = true;
    follower.add_to(progress);
    return progress;
  }

  FakeReceiver& receiver;
  zmq::context_t context;
  Follower follower;
  std::chrono::milliseconds ahead{0};  // of the real time
};

Seqs range(std::uint64_t first, std::uint64_t last) {
  Seqs seqs;
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    seqs.push_back(seq);
  }
  return seqs;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_follower_begins)

BOOST_AUTO_TEST_CASE(at_the_start_with_everything) {
  FakeReceiver receiver(25);
  Following following(receiver);
  BOOST_TEST(following.take(25) == range(1, 25), boost::test_tools::per_element());
  BOOST_TEST(following.progress().lost == 0U);
  BOOST_TEST((following.progress().cursors == Cursors{{receiver.stream, 25}}));
}

BOOST_AUTO_TEST_CASE(live_with_what_comes_from_now_on) {
  FakeReceiver receiver(5);
  Following following(receiver, {}, Begin::live);
  following.settle();
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{6}));
}

BOOST_AUTO_TEST_CASE(behind_the_cursor_it_knows) {
  FakeReceiver receiver(9);
  for (const Begin begin : {Begin::live, Begin::start}) {
    Following following(receiver, {{"another", 3}, {receiver.stream, 7}}, begin);
    BOOST_TEST((following.take(2) == Seqs{8, 9}));
  }
}

BOOST_AUTO_TEST_CASE(from_the_start_with_a_stream_that_is_new_to_somebody_who_knew_others) {
  FakeReceiver receiver(3);
  Following following(receiver, {{"another", 3}}, Begin::live);
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(at_the_end_when_the_journal_was_set_back) {
  FakeReceiver receiver(5);
  Following following(receiver, {{receiver.stream, 9}});
  following.settle();
  BOOST_TEST((following.progress().cursors == Cursors{{receiver.stream, 5}}));
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{6}));
}

BOOST_AUTO_TEST_CASE(when_the_receiver_comes) {
  FakeReceiver receiver(0);
  Following following(receiver);
  following.settle();
  BOOST_TEST(following.progress().following);
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{1}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_follower)

BOOST_AUTO_TEST_CASE(everything_of_an_event_arrives_by_replay_and_live) {
  FakeReceiver receiver(1);
  Following following(receiver);
  for (const std::uint64_t seq : {1, 2}) {
    const auto event = following.next_unless([] { return false; });
    BOOST_REQUIRE(event);
    BOOST_TEST(event->stream == receiver.stream);
    BOOST_TEST(event->seq == seq);
    BOOST_TEST(event->provider == "github");
    BOOST_TEST(event->provider_name == "GitHub");
    BOOST_TEST(event->format == "statuspage");
    BOOST_TEST(event->body == FakeReceiver::body_of(seq));
    if (seq == 1) {
      following.settle();
      receiver.publish();
    }
  }
}

BOOST_AUTO_TEST_CASE(live_events_are_taken_as_they_come) {
  FakeReceiver receiver(0);
  Following following(receiver);
  following.settle();
  const std::size_t asked = receiver.requests.size();
  for (int i = 0; i < 50; ++i) {
    receiver.publish();
  }
  BOOST_TEST(following.take(50) == range(1, 50), boost::test_tools::per_element());
  BOOST_TEST(receiver.requests.size() == asked);
  BOOST_TEST(following.progress().replays == 0U);
}

BOOST_AUTO_TEST_CASE(a_gap_is_filled_by_replay_in_order) {
  FakeReceiver receiver(2);
  Following following(receiver);
  following.take(2);
  following.settle();
  receiver.append(3);
  receiver.publish();  // 6
  BOOST_TEST((following.take(4) == Seqs{3, 4, 5, 6}));
  BOOST_TEST(following.progress().replays == 1U);
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{7}));
}

BOOST_AUTO_TEST_CASE(a_heartbeat_that_is_ahead_is_followed) {
  FakeReceiver receiver(0);
  Following following(receiver);
  following.settle();
  receiver.append(3);
  receiver.heartbeat();
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(repetitions_are_dropped_and_counted) {
  FakeReceiver receiver(3);
  Following following(receiver);
  following.take(3);
  following.settle();
  for (const std::uint64_t seq : {1, 3, 3, 2}) {
    receiver.publish_again(seq);
  }
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{4}));
  BOOST_TEST(following.progress().repeated == 4U);
}

BOOST_AUTO_TEST_CASE(what_came_live_during_a_replay_is_not_taken_twice) {
  FakeReceiver receiver(30);
  Following following(receiver);
  receiver.wait_for_subscriber();
  Seqs seqs;
  while (seqs.size() < 40) {
    if (receiver.last() < 40) {
      receiver.publish();
    }
    const Seqs one = following.take(1);
    seqs.insert(seqs.end(), one.begin(), one.end());
  }
  BOOST_TEST(seqs == range(1, 40), boost::test_tools::per_element());
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{41}));
}

BOOST_AUTO_TEST_CASE(what_nobody_keeps_any_more_is_counted_as_lost) {
  FakeReceiver receiver(20);
  receiver.first = 11;
  Following following(receiver, {{receiver.stream, 5}});
  BOOST_TEST(following.take(10) == range(11, 20), boost::test_tools::per_element());
  BOOST_TEST(following.progress().lost == 5U);
}

BOOST_AUTO_TEST_CASE(when_all_that_was_missing_is_gone_it_goes_on_with_what_comes) {
  FakeReceiver receiver(20);
  receiver.first = 21;
  Following following(receiver, {{receiver.stream, 5}});
  following.settle();
  BOOST_TEST(following.progress().lost == 15U);
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{21}));
  BOOST_TEST(following.progress().replays == 0U);
}

BOOST_AUTO_TEST_CASE(a_hole_in_a_journal_is_passed_and_counted) {
  FakeReceiver receiver(9);
  receiver.holes = {4, 5};
  Following following(receiver);
  BOOST_TEST((following.take(7) == Seqs{1, 2, 3, 6, 7, 8, 9}));
  BOOST_TEST(following.progress().lost == 2U);
}

BOOST_AUTO_TEST_CASE(a_hole_at_the_end_is_passed_and_what_comes_is_taken) {
  FakeReceiver receiver(9);
  receiver.holes = {8, 9};
  Following following(receiver);
  BOOST_TEST((following.take(7) == range(1, 7)));
  following.settle();
  BOOST_TEST(following.progress().lost == 2U);
  BOOST_TEST((following.progress().cursors == Cursors{{receiver.stream, 9}}));
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{10}));
}

BOOST_AUTO_TEST_CASE(a_new_stream_is_taken_from_its_start) {
  FakeReceiver receiver(3);
  Following following(receiver, {}, Begin::live);
  following.settle();
  receiver.replace_journal("second", 2);
  receiver.heartbeat();
  BOOST_TEST((following.take(2) == Seqs{1, 2}));
  BOOST_TEST((following.progress().cursors == Cursors{{"second", 2}}));
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{3}));
}

BOOST_AUTO_TEST_CASE(a_stream_that_comes_back_goes_on_where_it_was_left) {
  FakeReceiver receiver(3);
  const std::string first = receiver.stream;
  Following following(receiver, {{first, 1}});
  BOOST_TEST((following.take(2) == Seqs{2, 3}));
  following.settle();
  receiver.replace_journal("second", 2);
  receiver.heartbeat();
  BOOST_TEST((following.take(2) == Seqs{1, 2}));
  following.catch_up();
  receiver.replace_journal(first, 4);
  receiver.heartbeat();
  BOOST_TEST((following.take(1) == Seqs{4}));
  following.catch_up();
  receiver.replace_journal("second", 3);
  receiver.heartbeat();
  BOOST_TEST((following.take(1) == Seqs{3}));
}

BOOST_AUTO_TEST_CASE(a_journal_that_was_set_back_meanwhile_is_noticed) {
  FakeReceiver receiver(9);
  Following following(receiver);
  following.take(9);
  following.settle();
  receiver.replace_journal(receiver.stream, 5);
  receiver.heartbeat();
  following.run_until([&] { return following.progress().cursors.at(receiver.stream) == 5; });
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{6}));
}

BOOST_AUTO_TEST_CASE(an_old_heartbeat_changes_nothing) {
  FakeReceiver receiver(9);
  Following following(receiver);
  following.take(9);
  following.settle();
  receiver.heartbeat(3);
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{10}));
  BOOST_TEST(following.progress().replays == 0U);
  BOOST_TEST(following.progress().lost == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_follower_bears)

BOOST_AUTO_TEST_CASE(frames_that_are_not_ours) {
  FakeReceiver receiver(0);
  Following following(receiver);
  following.settle();
  const std::vector<std::vector<std::string>> bad = {{"webhook/x/"},
                                                     {"webhook/x/", "{}"},
                                                     {"webhook/x/", "{}", "body"},
                                                     {"webhook/x/", "", ""},
                                                     {"heartbeat/"},
                                                     {"heartbeat/", "nonsense", ""},
                                                     {"webhook/x/", "{}", "", "more"}};
  for (const auto& frames : bad) {
    receiver.send_live(frames);
  }
  receiver.publish();
  BOOST_TEST((following.take(1) == Seqs{1}));
  BOOST_TEST(following.progress().malformed == bad.size());
}

BOOST_AUTO_TEST_CASE(answers_that_are_not_ours) {
  FakeReceiver receiver(3);
  receiver.before_answer = [&](const std::string& identity, const ReplayRequest& request) {
    receiver.send_raw_answer(identity, "nonsense");
    receiver.send_raw_answer(identity, "");
    receiver.send_answer(identity, {"nonsense"});
    receiver.send_answer(identity, {""});
    ReplayAnswer wrong{request.id + 1000, "wrong", 1, 99, 0};
    receiver.send_answer(identity, {encode(wrong)});
    if (request.id > 0) {
      wrong.id = request.id - 1;
      receiver.send_answer(identity, {encode(wrong)});
    }
  };
  Following following(receiver);
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
  BOOST_TEST(following.progress().malformed >= 4U);
  BOOST_TEST(following.progress().cursors.contains("wrong") == false);
}

BOOST_AUTO_TEST_CASE(events_in_an_answer_that_are_not_what_was_asked_for) {
  FakeReceiver receiver(3);
  const std::vector<std::string> lies = {"nonsense", "{}",
                                         R"({"v":1,"stream":"other","seq":1,)"
                                         R"("received_at":"2026-02-20T14:32:05Z"})"};
  // The same lie until it was heard: an answer may come too late to be looked at.
  std::size_t heard = 0;
  receiver.alter = [&](std::vector<std::string>& texts) {
    if (texts.size() > 1 && heard < lies.size()) {
      texts[1] = lies[heard];
    }
  };
  Following following(receiver);
  following.run_until([&] {
    following.ahead += std::chrono::seconds(1);  // it asks again after a while
    heard = following.progress().malformed;
    return heard == lies.size();
  });
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_spoilt_event_amid_good_ones_after_handing_out_those_before) {
  FakeReceiver receiver(30);
  bool spoilt = false;
  receiver.alter = [&](std::vector<std::string>& texts) {
    if (texts.size() == 21 && !std::exchange(spoilt, true)) {
      texts[9] = "nonsense";  // the header of the fifth of ten
    }
  };
  Following following(receiver);
  BOOST_TEST(following.take(4) == range(1, 4), boost::test_tools::per_element());
  following.run_until([&] { return following.progress().malformed == 1; });
  following.ahead += std::chrono::seconds(3);
  BOOST_TEST(following.take(26) == range(5, 30), boost::test_tools::per_element());
  BOOST_TEST(following.progress().lost == 0U);
}

BOOST_AUTO_TEST_CASE(a_header_without_a_body_behind_whole_events) {
  FakeReceiver receiver(30);
  receiver.alter = [](std::vector<std::string>& texts) {
    auto head = decode_answer(texts.front()).value();
    if (head.count > 0) {
      ++head.count;
      texts.front() = encode(head);
      texts.push_back(texts[texts.size() - 2]);
    }
  };
  Following following(receiver);
  BOOST_TEST(following.take(30) == range(1, 30), boost::test_tools::per_element());
}

// Or receiver and subscriber would keep each other busy for ever.
BOOST_AUTO_TEST_CASE(an_answer_that_brings_nothing_without_asking_again_at_once) {
  FakeReceiver receiver(3);
  receiver.alter = [](std::vector<std::string>& texts) {
    if (texts.size() > 1) {
      texts[1] = "nonsense";
    }
  };
  Following following(receiver);
  following.run_until([&] { return following.progress().malformed > 0; });
  const std::size_t asked = receiver.requests.size();
  for (int i = 0; i < 50; ++i) {
    following.run_until([] { return true; });
  }
  BOOST_TEST(receiver.requests.size() == asked);
  receiver.alter = nullptr;
  following.ahead += std::chrono::seconds(3);
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_request_that_nobody_answers_by_asking_again_with_another_id) {
  FakeReceiver receiver(3);
  receiver.answering = false;
  Following following(receiver);
  following.run_until([&] { return receiver.requests.size() == 1; });
  following.run_until([] { return true; });
  BOOST_TEST(receiver.requests.size() == 1U);
  following.ahead += std::chrono::milliseconds(2100);
  following.run_until([&] { return receiver.requests.size() == 2; });
  // Each time it has more patience.
  following.ahead += std::chrono::milliseconds(2100);
  following.run_until([] { return true; });
  BOOST_TEST(receiver.requests.size() == 2U);
  following.ahead += std::chrono::milliseconds(2100);
  following.run_until([&] { return receiver.requests.size() == 3; });
  BOOST_TEST(receiver.requests[0].id != receiver.requests[1].id);
  receiver.answering = true;
  following.ahead += std::chrono::seconds(60);
  BOOST_TEST((following.take(3) == Seqs{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_receiver_that_restarts) {
  FakeReceiver receiver(2);
  Following following(receiver);
  following.take(2);
  following.settle();
  receiver.close();
  receiver.append(2);
  receiver.open();
  following.run_until([&] { return receiver.subscribed(); });
  receiver.publish();
  BOOST_TEST((following.take(3) == Seqs{3, 4, 5}));
}

BOOST_AUTO_TEST_CASE(a_feed_that_falls_silent_by_saying_so) {
  FakeReceiver receiver(0);
  Following following(receiver);
  following.settle();
  following.run_until([] { return true; });
  BOOST_TEST(!following.progress().silent);
  following.ahead += kSilence + std::chrono::seconds(1);
  following.run_until([&] { return following.progress().silent; });
  following.run_until([&] {
    receiver.heartbeat();  // as once a second
    return !following.progress().silent;
  });
}

BOOST_AUTO_TEST_CASE(a_long_journal_in_bounded_memory) {
  FakeReceiver receiver(5000);
  receiver.batch = 100;
  Following following(receiver);
  following.take(1);
  // One to learn the stream, one batch in hand, one under way.
  for (int i = 0; i < 20; ++i) {
    receiver.serve();
  }
  BOOST_TEST(receiver.requests.size() <= 3U);
  BOOST_TEST(following.progress().lag == 4999U);
  BOOST_TEST(following.take(4999) == range(2, 5000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
