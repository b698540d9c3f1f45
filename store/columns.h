// Columns of a row as the store's values. Inline, for whoever reads its tables.
#pragma once

#include <optional>
#include <string>

#include "lib/storage/database.h"
#include "lib/system/clock.h"

namespace monitor::store {

inline std::string text_at(const storage::Statement& row, int column) {
  return std::string(row.text(column));
}

// Kept as microseconds since 1970.
inline system::Time time_at(const storage::Statement& row, int column) {
  return system::from_microseconds(row.integer(column));
}

inline std::optional<system::Time> maybe_time_at(const storage::Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

}  // namespace monitor::store
