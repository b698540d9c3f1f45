#include "lib/system/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "lib/system/error.h"
#include "lib/system/fd.h"

namespace monitor::system {

std::string directory_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

void sync_directory_of(const std::string& path) {
  const std::string directory = directory_of(path);
  const Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd || ::fsync(fd.get()) != 0) {
    fail_errno(fmt::format("sync directory {}", directory));
  }
}

}  // namespace monitor::system
