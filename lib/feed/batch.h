// The events of one replay answer, taken out one at a time: a batch is asked for while the one
// before is worked off, and neither is in memory twice. Private to lib/feed.
#pragma once

#include <optional>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/message.h"

namespace monitor::feed {

class Batch {
 public:
  // Takes over an answer as it came; its head, or nothing when it is none. Drops what is left of
  // the one before.
  std::optional<ReplayAnswer> open(zmq::message_t message);

  bool empty() const { return next_ + 1 >= texts_.size(); }
  // The next event; nothing when that one is not what an answer holds, or there is none.
  std::optional<Event> next();
  // The header of its last event, without a body.
  std::optional<Event> last() const;
  void drop();

 private:
  zmq::message_t message_;
  std::vector<std::string_view> texts_;  // of message_: the head, then header and body of each
  std::size_t next_ = 1;
};

}  // namespace monitor::feed
