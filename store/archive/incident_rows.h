// What becomes of an incident when an update of it comes in: the rules of its life, over the tables
// incidents, incident_components and updates. Used by Archive inside its transaction, on the loop's
// thread.
//
// - The same update twice is one: updates are told apart by StatusUpdate::key(), those in a body's
// history too, so that an
//   update whose own delivery was lost is healed by the next.
// - The sender's time decides, not the order of arrival: an older body adds its updates and changes
// nothing else.
// - At equal times the state that is further along stands: an incident that is over is not
// reopened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/status/update.h"
#include "lib/storage/database.h"

namespace monitor::store {

// What one update changed, for the totals.
struct Change {
  std::int64_t incidents = 0;  // 1: it is new
  std::int64_t open = 0;       // 1: opened, -1: over
  std::int64_t updates = 0;    // rows added
};

class IncidentRows {
 public:
  explicit IncidentRows(storage::Database& database);
  Change put(const status::StatusUpdate& update);

 private:
  struct Row {
    std::int64_t id = 0;
    std::optional<status::State> state;  // nothing: made just now
    std::int64_t updated_at = 0;
  };

  std::optional<Row> find(const status::StatusUpdate& update);
  Row insert(const status::StatusUpdate& update);
  // True when it was not known.
  bool keep_update(std::int64_t incident, const status::StatusUpdate& update,
                   std::optional<status::State> state, system::Time as_of);
  std::int64_t keep_history(std::int64_t incident, const status::StatusUpdate& update);
  void overwrite(std::int64_t incident, const status::StatusUpdate& update);
  void replace_components(std::int64_t incident, const status::StatusUpdate& update);
  void settle_times(std::int64_t incident, const status::StatusUpdate& update);

  storage::Database& database_;
  storage::Statement find_;
  storage::Statement insert_;
  storage::Statement add_update_;
  storage::Statement mend_update_;
  storage::Statement overwrite_;
  storage::Statement clear_components_;
  storage::Statement add_component_;
  storage::Statement mark_components_;
  storage::Statement settle_times_;
};

}  // namespace monitor::store
