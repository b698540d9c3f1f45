// From an event of the feed to the StatusUpdates in its body, and what to say of bodies that hold
// none. One thread.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "lib/feed/message.h"
#include "lib/status/format.h"

namespace monitor::feed {

status::Reading read_updates(const Event& event);

// Tells the operator of bodies that no format reads: once for each shape, so that a sender can't
// fill the log.
class UnknownShapes {
 public:
  // `shape` as in status::Reading.
  void tell(const Event& event, const std::string& shape);

 private:
  std::set<std::string> told_;  // format and shape
};

// A sender that makes up a new shape each time must not fill memory either.
inline constexpr std::size_t kMaxShapes = 1000;

}  // namespace monitor::feed
