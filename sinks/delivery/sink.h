// A sink: one verb, deliver. The loop (loop.h) drives it from one thread, gives it one update at a
// time in the feed's order and decides what an outcome means; a sink only knows its destination. It
// may throw system::Failure for what it can't go on after; the program then ends and delivers again
// what was not settled.
#pragma once

#include <cstddef>
#include <string>

#include "lib/status/update.h"

namespace monitor::delivery {

struct Delivery {
  status::StatusUpdate update;
  std::string json;  // status::to_json(update): one line, no newline
};

struct Outcome {
  enum class Kind {
    delivered,
    retry,     // the destination is away or full: the same delivery again later, the others wait
               // behind it
    rejected,  // it will never take this one: a dead letter, and on with the next
  };
  Kind kind = Kind::delivered;
  std::string reason;

  static Outcome delivered() { return {Kind::delivered, ""}; }
  static Outcome retry(std::string reason) { return {Kind::retry, std::move(reason)}; }
  static Outcome rejected(std::string reason) { return {Kind::rejected, std::move(reason)}; }
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Outcome deliver(const Delivery& delivery) = 0;
  // Makes durable what was delivered; the cursor moves only after it.
  virtual void settle() {}
  // HUP: what was delivered has been settled.
  virtual void reopen() {}
  // Up to so many deliveries are settled together while they come without a pause. After kill -9
  // they are delivered again.
  virtual std::size_t group() const { return 1; }
};

}  // namespace monitor::delivery
