// A sink: one verb, deliver. The loop (loop.h) drives it from one thread, gives it one update at a
// time in the feed's order and decides what an outcome means; a sink only knows its destination. It
// may throw system::Failure for what it can't go on after; the program then ends and delivers again
// what was not settled.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "lib/status/update.h"

namespace monitor::delivery {

struct Delivery {
  status::StatusUpdate update;
  std::string json;  // status::to_json(update): one line, no newline
  // Of this update, the same however often it is delivered: for destinations that know repeats.
  std::string key;
  // What the last delivery of the same incident wanted to be remembered (Outcome::remember): the
  // message to edit, the thread to answer in. Empty: there was none.
  std::string remembered = {};
};

// What came while the sink was away, or had to be quiet, and of which only the latest of each
// incident follows.
struct Missed {
  std::uint64_t updates = 0;
  std::uint64_t incidents = 0;
  std::string key;  // as Delivery::key
};
// "12 updates of 3 incidents while away; the latest of each follows"
std::string in_words(const Missed& missed);

struct Outcome {
  enum class Kind {
    delivered,
    retry,     // the destination is away or full: the same delivery again later, the others wait
               // behind it
    rejected,  // it will never take this one: a dead letter, and on with the next
  };
  Kind kind = Kind::delivered;
  std::string reason = {};
  std::chrono::milliseconds wait{0};         // of retry: not sooner, the destination says
  std::optional<std::string> remember = {};  // of delivered: for the incident's next delivery

  static Outcome delivered() { return {}; }
  static Outcome delivered(std::string remember) { return {.remember = std::move(remember)}; }
  static Outcome retry(std::string reason, std::chrono::milliseconds wait = {}) {
    return {.kind = Kind::retry, .reason = std::move(reason), .wait = wait};
  }
  static Outcome rejected(std::string reason) {
    return {.kind = Kind::rejected, .reason = std::move(reason)};
  }
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Outcome deliver(const Delivery& delivery) = 0;
  // For people: machines need no announcement.
  virtual Outcome announce(const Missed&) { return Outcome::delivered(); }
  // Makes durable what was delivered; the cursor moves only after it.
  virtual void settle() {}
  // HUP: what was delivered has been settled.
  virtual void reopen() {}
  // Up to so many deliveries are settled together while they come without a pause. After kill -9
  // they are delivered again.
  virtual std::size_t group() const { return 1; }
};

}  // namespace monitor::delivery
