// What has been printed: the keys of the updates and, of each stream, the place that was reached,
// in one SQLite database (":memory:" unless --from resume). Both move together and only after the
// lines have been written. Driven by the loops; one thread. After a crash what was printed since
// the last commit is printed again, at most kEventsPerCommit events. A full or failing disk is
// waited for: what is printed meanwhile is remembered, so that nothing is printed twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "lib/feed/cursor.h"
#include "lib/storage/database.h"

namespace monitor::formatter {

// A commit waits for the disk; so many events share one while they come without a pause.
inline constexpr std::uint64_t kEventsPerCommit = 100;
// Updates that a disk may fail to take, some 10 MiB of memory; then storage::Error ends it.
inline constexpr std::size_t kMostUnsaved = 100'000;

class Record {
 public:
  explicit Record(storage::Database database);

  feed::Cursors cursors() { return cursors_.load(); }
  bool knows(const std::string& key) { return keys_.contains(key) || seen_.contains(key); }
  void printed(const std::string& key) { keys_.insert(key); }
  // Everything in the event is printed. Commits when it is time.
  void finished(const std::string& stream, std::uint64_t seq);

  // True: something waits for commit(), and the disk may take it.
  bool wants_commit() const;
  // Not before it is worth trying again, when the disk has failed.
  void commit();
  // At the end. Throws storage::Error.
  void commit_at_once();

 private:
  using Clock = std::chrono::steady_clock;

  storage::Database database_;
  feed::CursorTable cursors_;
  feed::SeenTable seen_;
  // Printed and not committed:
  std::set<std::string> keys_;
  feed::Cursors places_;
  std::uint64_t events_ = 0;
  bool failing_ = false;
  Clock::time_point retry_at_{};
};

}  // namespace monitor::formatter
