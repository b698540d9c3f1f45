// The journal: every event that was answered 200, numbered, on disk before it is answered. One
// SQLite file. Journal is the writer, owned by the receiver's loop; JournalReader reads beside it
// on a connection of its own (WAL: neither waits for the other).
//
// Trusts its file no further than it can see: one whose structure or newest event is damaged, or of
// another version, is refused at the start. SQLite would not notice a bit that has changed inside a
// row, so each event has a checksum, and one that doesn't fit it is never handed out. While
// running, a disk that is full or failing is no reason to end: append() keeps all of a batch or
// nothing and says why.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/feed/message.h"
#include "lib/storage/database.h"
#include "lib/system/clock.h"

namespace monitor::receiver {

// Events of one append() at most.
inline constexpr std::size_t kMostAtOnce = 512;

// What retention keeps. The newest event always stays: it holds the stream's number.
struct Keep {
  std::chrono::seconds age{std::chrono::hours(24 * 30)};
  std::uint64_t bytes = 1ull << 30;  // of the database, free pages not counted
};

class Journal {
 public:
  // Opens or makes DIRECTORY/journal.db. Throws system::Failure with what to do.
  explicit Journal(const std::string& directory);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const std::string& path() const { return path_; }
  const std::string& stream() const { return stream_; }
  std::uint64_t first_seq() const { return first_seq_; }  // last_seq() + 1 when it is empty
  std::uint64_t last_seq() const { return last_seq_; }
  std::uint64_t bytes();
  std::optional<system::Time> oldest_at();  // when the first event arrived; nothing: it is empty
  std::optional<system::Time> newest_at();

  // Numbers the events and makes them durable, in order, in one transaction. Nothing when that
  // worked; otherwise the reason, and none of them was kept.
  std::optional<std::string> append(std::span<feed::Event* const> events);

  // Deletes events that `keep` does not cover, oldest first, at most `most` of them. Returns how
  // many.
  std::uint64_t retire(const Keep& keep, system::Time now, std::uint64_t most);

  // Copies the WAL into the database file. Only the short rest that Checkpointer left is meant to
  // be done here, on the writer's time, so that the WAL begins anew.
  void restart_wal();
  // The disk has failed to take such a copy: there is none any more, and the WAL is left to the
  // next start, which copies all of it. Any thread.
  void stop_copying() { copying_stopped_ = true; }
  bool copying_stopped() const { return copying_stopped_; }
  // Bytes that stand in the WAL and not in the database file yet, about. Any thread.
  std::uint64_t wal_bytes() const;
  // Bytes of all bodies appended since the start. Any thread.
  std::uint64_t appended_bytes() const { return appended_bytes_; }

 private:
  void prepare_schema();
  void bring_up_to_date(std::int64_t version);
  void look_for_damage();
  void check_newest();
  void pass_over_lost();
  void insert(const feed::Event& event);
  std::optional<std::uint64_t> end_of_retired(const Keep& keep, system::Time now,
                                              std::uint64_t most);

  std::string path_;
  std::uint64_t lost_transactions_;  // looked for before SQLite takes the file
  std::uint64_t page_size_ = 0;
  std::atomic<bool> copying_stopped_{false};
  std::atomic<int> wal_pages_{0};
  std::atomic<std::uint64_t> appended_bytes_{0};
  storage::Database database_;
  std::string stream_;
  std::uint64_t first_seq_ = 1;
  std::uint64_t last_seq_ = 0;
  std::optional<storage::Statement> insert_;
};

class JournalReader {
 public:
  JournalReader(const std::string& path, std::string stream);

  struct Bounds {
    std::uint64_t first = 1;
    std::uint64_t last = 0;
  };
  Bounds bounds();

  // Up to `most` events from seq `from` on, ending with the one that fills `bytes` of bodies; what
  // is damaged is left out. Throws storage::Error.
  std::vector<feed::Event> read(std::uint64_t from, std::uint64_t most, std::uint64_t bytes);
  // The events that were found damaged so far.
  const std::set<std::uint64_t>& damaged() const { return damaged_; }

 private:
  std::uint64_t scan(std::uint64_t from, std::uint64_t most, std::uint64_t bytes,
                     std::vector<feed::Event>& events);

  std::string stream_;
  storage::Database database_;
  std::uint64_t checked_from_;
  storage::Statement bounds_;
  storage::Statement range_;
  std::set<std::uint64_t> damaged_;
};

}  // namespace monitor::receiver
