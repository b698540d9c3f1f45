// What a sink has done, in its own SQLite database (sink.db): the cursors, the keys of the updates
// it handed on, what waits to be told in short, what it remembers of incidents, the dead letters
// with their reasons, and the figures that --status shows. A batch is written in one transaction,
// so that the cursor never passes an update whose fate is not written down. Owned by the loop's
// thread;
// `--dead-letters`, `--redeliver` and `--status` look in from outside. Throws storage::Error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/feed/cursor.h"
#include "lib/status/update.h"
#include "lib/storage/database.h"
#include "lib/system/clock.h"

namespace monitor::delivery {

// Enough to see what went wrong, and small on disk (20 MiB); the oldest go.
inline constexpr std::int64_t kDeadLettersKept = 10'000;
// Incidents that have been told of; the longest silent go.
inline constexpr std::int64_t kMemoriesKept = 50'000;

// "provider/kind/id": by what a sink knows an incident again.
std::string incident_key(const status::StatusUpdate& update);

// An update that its destination refused for good, or that was given up.
struct DeadLetter {
  std::int64_t id = 0;
  std::string key;
  std::string stream;
  std::uint64_t seq = 0;
  system::Time at{};
  std::string reason;
  std::string json;
};

// The latest of an incident that waits to be told.
struct Waiting {
  std::string place;  // incident_key(), or the update's key where each update counts
  std::string json;
};

struct Totals {
  std::uint64_t delivered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t muted = 0;
  std::optional<system::Time> last_success;
  std::optional<system::Time> last_failure;
  std::string last_reason;  // of the failure
};

// What is written down together.
struct Batch {
  std::vector<std::string> keys;  // of updates that were delivered, wait, or became dead letters
  std::vector<DeadLetter> dead_letters;
  std::vector<Waiting> waiting;               // in the order of their coming
  std::vector<std::string> told;              // places in `waiting` that are done
  std::map<std::string, std::string> memory;  // by incident_key()
  std::vector<std::int64_t> redelivered;      // dead letters that are dead no more
  feed::Cursors cursors;
  std::optional<bool> announced;      // of what waits now
  std::optional<bool> takes_history;  // see Ledger::takes_history()
  std::optional<Totals> totals;
  std::size_t events = 0;  // that the cursors moved over

  bool empty() const;
  bool has(std::string_view key) const;
};

class Ledger {
 public:
  explicit Ledger(storage::Database database, std::int64_t dead_letters_kept = kDeadLettersKept);

  feed::Cursors cursors() { return cursors_.load(); }
  bool knows(std::string_view key) { return seen_.contains(key); }
  void write(const Batch& batch);

  // What waits, and how many updates that were.
  std::uint64_t waiting_incidents();
  std::uint64_t waiting_updates();
  std::optional<Waiting> next_waiting();
  // Of what waits now: it has been announced. Forgotten when nothing waits.
  bool announced();

  // Nothing for an incident that was never told of.
  std::optional<std::string> remembered(const std::string& incident);
  Totals totals();
  // Of `totals` the failure alone: the rest belongs to a batch.
  void note_failure(const Totals& totals);

  // --from start: all is wanted until the end has been reached once.
  bool takes_history();
  void set_takes_history(bool takes);

  std::vector<DeadLetter> dead_letters();  // oldest first
  // Marks one (or all) to be delivered again; how many that were.
  std::int64_t redeliver(std::optional<std::int64_t> id);
  std::vector<DeadLetter> due_letters();

 private:
  void bury(const DeadLetter& letter);
  void drop_oldest();
  void keep_waiting(const Batch& batch);
  void remember(const Batch& batch);
  void write_totals(const Totals& totals);
  std::int64_t fact(std::string_view name);
  std::string text_fact(std::string_view name);
  void set_fact(std::string_view name, std::int64_t value);
  std::vector<DeadLetter> letters(std::string_view condition);

  storage::Database database_;
  std::int64_t kept_;
  feed::CursorTable cursors_;
  feed::SeenTable seen_;
  storage::Statement bury_;
  storage::Statement drop_;
  storage::Statement revive_;
  storage::Statement undue_;
  storage::Statement wait_;
  storage::Statement done_;
  storage::Statement next_;
  storage::Statement remember_;
  storage::Statement forget_;
  storage::Statement remembered_;
  storage::Statement fact_;
  storage::Statement set_fact_;
};

}  // namespace monitor::delivery
