// What becomes of an incident when an update of it comes in, over the tables incidents and updates;
// life.h says which update stands. Used by Archive inside its transaction, on the loop's thread.
//
// - The same update twice is one: updates are told apart by StatusUpdate::key(), those in a body's
//   history too, so that an update whose own delivery was lost is healed by the next.
// - What a body leaves out stays as it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/status/update.h"
#include "lib/storage/database.h"
#include "store/archive/component_rows.h"

namespace monitor::store {

// What one update changed, for the totals.
struct Change {
  std::int64_t incidents = 0;  // 1: it is new
  std::int64_t open = 0;       // 1: opened, -1: over
  std::int64_t updates = 0;    // rows added
  bool fresh = false;          // the update itself was not known
  std::int64_t row = 0;        // of the incident
};

class IncidentRows {
 public:
  explicit IncidentRows(storage::Database& database);
  Change put(const status::StatusUpdate& update);

 private:
  struct Row {
    std::int64_t id = 0;
    status::State state{};
    std::int64_t updated_at = 0;
    std::int64_t created_at = 0;
  };

  Change put(const status::StatusUpdate& update, const std::string& key);
  std::optional<Row> find(const status::StatusUpdate& update);
  std::int64_t insert(const status::StatusUpdate& update);
  static bool stands_now(const status::StatusUpdate& update, const Row& known, bool fresh);
  void tell_components(std::int64_t row, const status::StatusUpdate& update, status::State state,
                       bool stands);
  // True when it was not known.
  bool keep_update(std::int64_t incident, const status::StatusUpdate& update,
                   const std::string& key, std::optional<status::State> state, system::Time as_of);
  std::int64_t keep_history(std::int64_t incident, const status::StatusUpdate& update);
  void overwrite(std::int64_t incident, const status::StatusUpdate& update);
  void settle_times(std::int64_t incident, const status::StatusUpdate& update,
                    const std::optional<Row>& known, bool may_have_ended);

  storage::Database& database_;
  ComponentRows components_;
  storage::Statement find_;
  storage::Statement insert_;
  storage::Statement add_update_;
  storage::Statement mend_update_;
  storage::Statement overwrite_;
  storage::Statement settle_times_;
};

}  // namespace monitor::store
