// One StatusUpdate as GET /events hands it out: made by the archive when the update is kept, told
// to the readers that listen, and found again by those that resume.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace monitor::store {

struct Event {
  std::int64_t place = 0;  // in the order of keeping, in this database; grows
  std::string stream;
  std::uint64_t seq = 0;
  bool ends_seq = true;  // the last of those that came in one webhook
  std::string provider;  // slug
  std::string json;      // StatusUpdate, version 1
};

// What a commit brought.
struct News {
  std::vector<Event> events;
  bool complete = true;  // false: too much to be told one by one, readers begin anew
};

}  // namespace monitor::store
