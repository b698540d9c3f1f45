// Cursors and seen updates in the subscriber's own SQLite database, so that they move in the same
// transaction as the effect they stand for. Each class owns one table there and is used by the
// thread that owns the database.
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/feed/message.h"
#include "lib/storage/database.h"

namespace monitor::feed {

// Seqs by stream, from rows of a stream and a seq; to the statement's end.
Cursors read_cursors(storage::Statement& rows);
Cursors read_cursors(storage::Statement&& rows);

// Table `cursors`: the last seq of each stream whose effect is durable.
class CursorTable {
 public:
  explicit CursorTable(storage::Database& database);
  Cursors load();
  void save(std::string_view stream, std::uint64_t seq);

 private:
  storage::Database& database_;
  storage::Statement save_;
};

// Table `seen`: the keys (StatusUpdate::key) of the last updates that were handed on, so that the
// same update is handed on once. Bounded: the oldest go when there are more than kSeenKept.
class SeenTable {
 public:
  explicit SeenTable(storage::Database& database);
  // Adds the key; false when it was there already.
  bool add(std::string_view key);
  bool contains(std::string_view key);

 private:
  storage::Statement add_;
  storage::Statement contains_;
  storage::Statement prune_;
  std::int64_t additions_ = -1;  // so that the first one prunes: some programs live for a few
  storage::Database& database_;
};

// Senders repeat within days; 100,000 updates are months of 400 providers, and 10 MiB on disk.
inline constexpr std::int64_t kSeenKept = 100'000;

}  // namespace monitor::feed
