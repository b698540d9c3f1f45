// The newest updates as GET /events tells them, over the tables events and events_dropped, so that
// a reader that was away gets all that it missed. Used by Archive inside its transaction, on the
// loop's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/status/update.h"
#include "lib/storage/database.h"
#include "store/event.h"

namespace monitor::store {

// A board that was off for a day has missed some hundred; of longer absences the lists tell more
// than a flood of old updates. Some 15 MiB.
inline constexpr std::int64_t kEventsKept = 10'000;

class EventLog {
 public:
  explicit EventLog(storage::Database& database);

  // `behind`: events that are known to come after those of this commit. When they are more than are
  // kept, none of these would remain: they are dropped at once.
  void begin(std::uint64_t behind);
  // In the order of keeping, those of one webhook one after the other.
  void add(const status::StatusUpdate& update);
  // Keeps what was added and hands it out; drops what is beyond kEventsKept.
  News write();

 private:
  void keep(Event& event);
  void drop_old();
  void write_dropped();

  storage::Statement keep_;
  storage::Statement drop_;
  storage::Statement mark_dropped_;
  bool tells_ = true;
  std::vector<Event> added_;
  std::map<std::string, std::uint64_t> dropped_;  // the last seq of each stream
};

}  // namespace monitor::store
