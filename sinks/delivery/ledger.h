// What a sink has done, in its own SQLite database: the cursors, the keys of the updates it handed
// on, and the dead letters with their reasons. A batch is written in one transaction, so that the
// cursor never passes an update whose fate is not written down. Owned by the loop's thread. Throws
// storage::Error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/feed/cursor.h"
#include "lib/storage/database.h"
#include "lib/system/clock.h"

namespace monitor::delivery {

// Enough to see what went wrong, and small on disk (20 MiB); the oldest go.
inline constexpr std::int64_t kDeadLettersKept = 10'000;

// An update that its destination refused for good.
struct DeadLetter {
  std::string key;
  std::string stream;
  std::uint64_t seq = 0;
  system::Time at{};
  std::string reason;
  std::string json;
};

// What is written down together.
struct Batch {
  std::vector<std::string> keys;  // of updates that were delivered or became dead letters
  std::vector<DeadLetter> dead_letters;
  feed::Cursors cursors;
  std::size_t events = 0;  // that the cursors moved over

  bool empty() const { return keys.empty() && cursors.empty(); }
  bool has(std::string_view key) const;
};

class Ledger {
 public:
  explicit Ledger(storage::Database database, std::int64_t dead_letters_kept = kDeadLettersKept);

  feed::Cursors cursors() { return cursors_.load(); }
  bool knows(std::string_view key) { return seen_.contains(key); }
  void write(const Batch& batch);

  std::vector<DeadLetter> dead_letters();  // oldest first

 private:
  void bury(const DeadLetter& letter);
  void drop_oldest();

  storage::Database database_;
  std::int64_t kept_;
  feed::CursorTable cursors_;
  feed::SeenTable seen_;
  storage::Statement bury_;
  storage::Statement drop_;
};

}  // namespace monitor::delivery
