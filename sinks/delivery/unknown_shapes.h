// Tells of bodies that no format reads: once for each shape, so that the operator hears of it and a
// sender can't fill the log. Owned by the loop; one thread.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "lib/feed/message.h"

namespace monitor::delivery {

// A sender that makes up a new shape each time must not fill memory either.
inline constexpr std::size_t kMaxShapes = 1000;

class UnknownShapes {
 public:
  // `shape` as in status::Reading.
  void tell(const feed::Event& event, const std::string& shape);

 private:
  std::set<std::string> told_;  // format and shape
};

}  // namespace monitor::delivery
