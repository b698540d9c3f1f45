// Copies the journal's WAL into its database file on a thread of its own, so that no commit waits
// for it. What is committed meanwhile is left over; the writer copies that short rest
// (Journal::restart_wal) once wants_restart() says it is worth it. When the disk fails to sync a
// copy it is the last one: see Database::sync_failed().
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "lib/storage/database.h"
#include "lib/system/fd.h"
#include "receiver/journal.h"

namespace monitor::receiver {

class Checkpointer {
 public:
  explicit Checkpointer(Journal& journal);
  // Stops and joins the thread.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // True once after the WAL has grown large and all but its newest part has been copied.
  bool wants_restart() { return wants_restart_.exchange(false); }

 private:
  void run();
  void look();
  void copy_all(std::uint64_t appended);
  void copy_most();
  void stop_if_failed();

  Journal& journal_;
  storage::Database database_;
  std::uint64_t longest_ = 0;  // bytes of WAL since its file was cut
  std::uint64_t copied_ = 0;   // bytes appended when all of them were copied
  std::uint64_t seen_ = 0;     // bytes appended at the last look
  system::Fd stop_;
  std::atomic<bool> wants_restart_{false};
  std::thread thread_;  // touches all of the above; joined by the destructor
};

}  // namespace monitor::receiver
