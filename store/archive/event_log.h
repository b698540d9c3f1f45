// The newest updates as GET /events tells them, over the tables events and events_dropped, so that
// a reader that was away gets all that it missed. Used by Archive inside its transaction, on the
// loop's thread.
#pragma once

#include <cstdint>
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

  // Between begin() and write(): in the order of keeping, those of one webhook one after the other.
  void begin() { added_.clear(); }
  void add(const status::StatusUpdate& update);
  // Keeps what was added and hands it out; drops what is beyond kEventsKept.
  std::vector<Event> write();

 private:
  void keep(Event& event);
  void drop_old();

  storage::Statement keep_;
  storage::Statement drop_;
  storage::Statement mark_dropped_;
  std::vector<Event> added_;
};

}  // namespace monitor::store
