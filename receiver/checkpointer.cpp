#include "receiver/checkpointer.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::receiver {
namespace {

// How often it looks whether there is something to do.
constexpr int kMillisecondsBetween = 200;
// Less than that is not worth the fsync of the database file.
constexpr std::uint64_t kWorthCopying = 4 << 20;
// Copying takes disk and processor from the commits, so it waits for a quiet moment: less than this
// came since the last look, some thousand webhooks a second.
constexpr std::uint64_t kQuiet = 2 << 20;
// But no longer than until the WAL has this size, some nine seconds of all that two processors can
// take in. A start after a crash reads all of it.
constexpr std::uint64_t kLargeWal = 1 << 30;
// The file stays as long as it was, because writing over it is faster than making it longer; what a
// burst has made longer than this is given back in a quiet moment.
constexpr std::uint64_t kWalKept = 64 << 20;
// Rounds in a row: each copies what came during the one before, so that little is left for the
// writer.
constexpr int kRounds = 3;

}  // namespace

Checkpointer::Checkpointer(Journal& journal)
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
  const std::uint64_t appended = journal_.appended_bytes();
  const bool quiet = appended < seen_ + kQuiet;
  seen_ = appended;
  longest_ = std::max(longest_, wal);
  if (wal < kWorthCopying || appended == copied_ || wants_restart_ || journal_.copying_stopped()) {
    return;
  }
  if (quiet) {
    copy_all(appended);
  } else if (wal >= kLargeWal) {
    copy_most();
  }
  stop_if_failed();
}

void Checkpointer::stop_if_failed() {
  if (!database_.sync_failed()) {
    return;
  }
  journal_.stop_copying();
  database_.keep_wal();
  wants_restart_ = false;
  system::log_error(fmt::format(
      "cannot sync {}: the disk fails; webhooks are kept all the same, in {}-wal, which "
      "grows: start status-receiver anew when the disk is well",
      journal_.path(), journal_.path()));
}

// Holds up a commit that comes meanwhile, but only for the end of it.
void Checkpointer::copy_all(std::uint64_t appended) {
  using Mode = storage::Database::Checkpoint;
  database_.checkpoint(Mode::passive);  // a full disk fails it; the next look tries again
  const Mode end = longest_ > kWalKept ? Mode::truncate : Mode::restart;
  if (database_.checkpoint(end)) {
    longest_ = 0;
    copied_ = appended;
  }
}

void Checkpointer::copy_most() {
  for (int round = 0; round < kRounds; ++round) {
    database_.checkpoint(storage::Database::Checkpoint::passive);
    database_.sync_file();
  }
  wants_restart_ = !database_.sync_failed();
}

}  // namespace monitor::receiver
