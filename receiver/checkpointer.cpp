#include "receiver/checkpointer.h"

#include <poll.h>
#include <sys/eventfd.h>

#include "lib/system/error.h"

namespace monitor::receiver {
namespace {

// How often it looks whether there is something to do.
constexpr int kMillisecondsBetween = 200;
// Less than that is not worth the fsync of the database file.
constexpr std::uint64_t kWorthCopying = 4 << 20;
// Copying takes disk and processor from the commits, so it waits for a quiet moment: less than this
// came since the last look, some thousand webhooks a second.
constexpr std::uint64_t kQuiet = 2 << 20;
// But no longer than until the WAL has this size; a start after a crash reads all of it.
constexpr std::uint64_t kLargeWal = 512 << 20;
// Rounds in a row: each copies what came during the one before, so that little is left for the
// writer.
constexpr int kRounds = 3;

}  // namespace

Checkpointer::Checkpointer(const Journal& journal)
    : journal_(journal),
      database_(storage::Database::open(journal.path(), storage::Database::Mode::read_write)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) {
    system::fail_errno("make an eventfd");
  }
  database_.execute("PRAGMA wal_autocheckpoint=0");
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Checkpointer::run() {
  pollfd stop{stop_.get(), POLLIN, 0};
  while (::poll(&stop, 1, kMillisecondsBetween) <= 0) {
    look();
  }
}

void Checkpointer::look() {
  const std::uint64_t wal = journal_.wal_bytes();
  const bool quiet = wal < seen_ + kQuiet;  // or it began anew
  seen_ = wal;
  if (wal < kWorthCopying || wants_restart_ || (!quiet && wal < kLargeWal)) {
    return;
  }
  for (int round = 0; round < kRounds; ++round) {
    database_.checkpoint(false);  // a full disk fails it; the next look tries again
  }
  wants_restart_ = true;
}

}  // namespace monitor::receiver
