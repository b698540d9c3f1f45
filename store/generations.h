// How a rebuilt database takes the place of the one in use, in the store's state directory:
//   store.db        in use
//   store.db.new    complete, put there by `status-store --rebuild` under this name at once
//   store.db.old    the one before, with its -wal; kept until the next rebuild
//   rebuild/        where the new one grows
// Killed at any moment, the next start finds either the old one or the new one whole.
#pragma once

#include <string>

namespace monitor::store {

inline constexpr const char* kDatabaseName = "store.db";
inline constexpr const char* kRebuiltName = "store.db.new";
inline constexpr const char* kRebuildDirectory = "rebuild";

// Puts a rebuilt database, if one is there, in the place of the one in use; true when it did.
// Nobody may have either open. Throws system::Failure when the files can't be moved.
bool adopt_rebuilt(const std::string& state);

// Renames `database`, which is closed and complete, to kRebuiltName in `state`, durably.
void hand_over(const std::string& database, const std::string& state);

// Removes a database with its -wal and -shm, if it is there.
void remove_database(const std::string& database);

}  // namespace monitor::store
