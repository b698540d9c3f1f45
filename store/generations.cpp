#include "store/generations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "lib/system/error.h"
#include "lib/system/fd.h"

namespace monitor::store {
namespace {

void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) {
    system::fail_errno(fmt::format("rename {} to {}", from, to));
  }
}

void sync_path(const std::string& path) {
  const system::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file || ::fsync(file.get()) != 0) {
    system::fail_errno(fmt::format("sync {}", path));
  }
}

}  // namespace

// The write-ahead log belongs to the file beside it: it goes first with the old one, so that the
// new one never meets it.
bool adopt_rebuilt(const std::string& state) {
  const std::string rebuilt = fmt::format("{}/{}", state, kRebuiltName);
  if (!std::filesystem::exists(rebuilt)) {
    return false;
  }
  const std::string database = fmt::format("{}/{}", state, kDatabaseName);
  const std::string old = database + ".old";
  remove_database(old);
  rename_file(database, old);
  rename_file(database + "-wal", old + "-wal");
  ::unlink((database + "-shm").c_str());
  rename_file(rebuilt, database);
  sync_path(state);
  return true;
}

void hand_over(const std::string& database, const std::string& state) {
  sync_path(database);
  const std::string target = fmt::format("{}/{}", state, kRebuiltName);
  if (::rename(database.c_str(), target.c_str()) != 0) {
    system::fail_errno(fmt::format("rename {} to {}", database, target));
  }
  sync_path(state);
}

void remove_database(const std::string& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    ::unlink((database + suffix).c_str());
  }
}

}  // namespace monitor::store
