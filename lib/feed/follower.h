// One source of a Subscriber: the two sockets of one receiver and what is known of its stream.
// Private to lib/feed.
//
//   unknown --answer--> caught up <--last event of a batch-- behind
//                           |  jump of seq, heartbeat ahead, new stream  ^
//                           +--------------------------------------------+
// Unknown and behind ask the replay socket and leave the live one unread; caught up reads the live
// one.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/batch.h"
#include "lib/feed/handshakes.h"
#include "lib/feed/message.h"
#include "lib/feed/subscriber.h"

namespace monitor::feed {

class Follower {
 public:
  using Clock = std::chrono::steady_clock;

  Follower(zmq::context_t& context, const Source& source, const Cursors& cursors, Begin begin);

  // The next event in order if one is at hand; otherwise does what can be done without waiting
  // (reads answers and live messages, asks) and returns nothing.
  std::optional<Event> take(Clock::time_point now);

  // What to wait for, and until when at most, once take() has returned nothing.
  void add_poll_items(std::vector<zmq::pollitem_t>& items);
  Clock::time_point wake_up_at() const;

  void add_to(Subscriber::Progress& progress) const;

 private:
  bool caught_up() const { return !stream_.empty() && fetched_ >= last_ && !doubtful_; }
  std::optional<Event> hand_out(Event event);

  void ask(Clock::time_point now);
  bool read_answer(Clock::time_point now);
  bool accept_answer(const ReplayAnswer& answer);
  void attach(const std::string& stream, std::uint64_t last);
  void set_back();
  void skip_until(std::uint64_t first);
  std::optional<Event> take_from_batch(Clock::time_point now);
  void give_up_batch(Clock::time_point now);

  std::optional<Event> read_live(Clock::time_point now);
  std::optional<Event> judge(Event event);
  void hear_of(const std::string& stream, std::uint64_t seq);
  void heard(Clock::time_point now);
  void notice_silence(Clock::time_point now);
  void tell_trouble();
  void open();

  zmq::context_t& context_;
  Source source_;
  Cursors cursors_;  // what the program knew at its start, and streams that were left since
  Begin begin_;
  zmq::socket_t live_;
  zmq::socket_t replay_;
  std::optional<Handshakes> handshakes_;  // of live_; the other has the same keys

  std::string stream_;         // empty: not known yet
  std::uint64_t cursor_ = 0;   // handed out
  std::uint64_t fetched_ = 0;  // handed out or in batch_
  std::uint64_t last_ = 0;     // the newest seq heard of
  bool doubtful_ = false;      // heard of an older one: ask whether last_ is still true
  Batch batch_;                // what follows cursor_, up to fetched_

  std::uint64_t request_id_ = 0;
  bool asked_ = false;       // an answer to request_id_ is owed
  unsigned unanswered_ = 0;  // requests in a row that nobody answered
  Clock::time_point ask_again_at_{};
  Clock::time_point silent_at_;  // unless something is heard before
  bool silent_ = false;
  std::string trouble_;  // told

  std::uint64_t lost_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t replays_ = 0;
  std::uint64_t malformed_ = 0;
};

}  // namespace monitor::feed
