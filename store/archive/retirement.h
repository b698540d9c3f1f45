// --keep: deletes incidents that are over and have not changed for long, with their updates. Used
// by Archive inside its transaction, on the loop's thread. What is open stays, however old; so does
// a component with its present state. Totals of updates count what was ever kept.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/storage/database.h"
#include "lib/system/clock.h"
#include "store/archive/component_rows.h"

namespace monitor::store {

class Retirement {
 public:
  explicit Retirement(storage::Database& database);

  // The rows of incidents that were deleted; a bounded number at once, the oldest first. Their
  // providers bear `revision` from now on.
  std::vector<std::int64_t> retire(system::Time before, std::int64_t revision);

 private:
  void remove(std::int64_t incident, std::int64_t revision);

  ComponentRows components_;
  storage::Statement old_;
  storage::Statement count_;
  storage::Statement touch_;
  storage::Statement remove_updates_;
  storage::Statement remove_components_;
  storage::Statement remove_incident_;
};

}  // namespace monitor::store
