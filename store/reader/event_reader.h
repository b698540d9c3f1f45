// The newest updates as GET /events tells them (event_log.h), for readers that were away. Used by
// Reader on the HTTP server's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/feed/cursor.h"
#include "lib/storage/database.h"
#include "store/event.h"

namespace monitor::store {

class EventReader {
 public:
  explicit EventReader(const storage::Database& database);

  // At most `limit` after `place`, in order.
  std::vector<Event> after(std::int64_t place, std::size_t limit);
  // Before the first event that somebody has not seen who has seen so much of each stream; of a
  // stream that he does not name, nothing. Nothing when some that he missed are no longer kept.
  // Inside the reader's snapshot.
  std::optional<std::int64_t> place_of(const feed::Cursors& seen);
  std::int64_t newest_place();
  // How much of each stream has been kept.
  feed::Cursors streams();

 private:
  storage::Statement after_;
  storage::Statement first_unseen_;
  storage::Statement newest_;
  storage::Statement streams_;
  storage::Statement dropped_;
};

}  // namespace monitor::store
