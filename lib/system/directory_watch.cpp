#include "lib/system/directory_watch.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "lib/system/error.h"

namespace monitor::system {

DirectoryWatch::DirectoryWatch(const std::string& path)
    : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (!fd_ || ::inotify_add_watch(fd_.get(), path.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE) < 0) {
    fail_errno(fmt::format("watch directory {}", path));
  }
}

std::vector<std::string> DirectoryWatch::take() const {
  std::vector<std::string> names;
  alignas(inotify_event) std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = ::read(fd_.get(), buffer.data(), buffer.size())) > 0) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      if (event.len > 0) {
        names.emplace_back(buffer.data() + at + sizeof(event));
      }
      at += sizeof(event) + event.len;
    }
  }
  return names;
}

}  // namespace monitor::system
