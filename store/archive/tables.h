// The tables of the store's file, and how a file of an earlier version gets those of this one.
// Called by open_for_writing() alone.
#pragma once

#include <cstdint>

#include "lib/storage/database.h"

namespace monitor::store {

// Raised whenever a table changes in a way that other programs can't read.
inline constexpr std::int64_t kTablesVersion = 4;

// From `version` (0: an empty file) to kTablesVersion in one transaction: all of it or, with
// storage::Error, nothing. What was kept is kept.
void bring_up_to_date(storage::Database& database, std::int64_t version);

}  // namespace monitor::store
