// What has been printed: the keys of the updates and, of each stream, the place that was reached,
// in one SQLite database (":memory:" unless
// --from resume). Both move together and only after the lines have been written. Driven by the
// loops; one thread. After a crash what was printed since the last commit is printed again, at most
// kEventsPerCommit events.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/feed/cursor.h"
#include "lib/storage/database.h"

namespace monitor::formatter {

// A commit waits for the disk; so many events share one while they come without a pause.
inline constexpr int kEventsPerCommit = 100;

class Record {
 public:
  explicit Record(storage::Database database);

  feed::Cursors cursors() { return cursors_.load(); }
  bool knows(std::string_view key) { return seen_.contains(key); }
  void printed(std::string_view key);
  // Everything in the event is printed. Commits when it is time.
  void finished(std::string_view stream, std::uint64_t seq);

  // False: something waits for commit().
  bool clean() const { return !open_; }
  void commit();

 private:
  void begin();

  storage::Database database_;
  feed::CursorTable cursors_;
  feed::SeenTable seen_;
  std::optional<storage::Transaction> open_;
  int events_ = 0;  // in open_
};

}  // namespace monitor::formatter
