#include "receiver/checkpointer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include "lib/system/error.h"

namespace monitor::receiver {
namespace {

// At full load the WAL grows by some 100 MiB a second; looking at it so often keeps it to a few
// times kLargeWal.
constexpr int kMillisecondsBetween = 200;
// Smaller than that it is not worth the fsync of the database file.
constexpr off_t kWorthCopying = 4 << 20;
// From here on the WAL should begin anew, even if no pause comes in which it would do so by itself.
constexpr off_t kLargeWal = 64 << 20;
// Rounds in a row: each copies what came during the one before, so that little is left for the
// writer.
constexpr int kRounds = 3;

off_t size_of(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 ? st.st_size : 0;
}

}  // namespace

Checkpointer::Checkpointer(const Journal& journal)
    : path_(journal.path()),
      database_(storage::Database::open(path_, storage::Database::Mode::read_write)),
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
    checkpoint();
  }
}

void Checkpointer::checkpoint() {
  const off_t wal = size_of(path_ + "-wal");
  if (wal < kWorthCopying || wants_restart_) {
    return;
  }
  for (int round = 0; round < kRounds; ++round) {
    database_.checkpoint(false);  // a full disk fails it; the next one tries again
  }
  wants_restart_ = wal > kLargeWal;
}

}  // namespace monitor::receiver
