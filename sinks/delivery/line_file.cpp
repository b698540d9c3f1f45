#include "sinks/delivery/line_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "lib/system/directory.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

// O_RDWR to find a torn end; O_NONBLOCK so that a FIFO is refused instead of waited for.
constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr off_t kBlock = 4096;

[[noreturn]] void fail_to_open(const std::string& path) {
  if (errno == EISDIR) {
    throw system::ConfigError(fmt::format("cannot append to {}: it is a directory", path));
  }
  if (errno == ENOENT || errno == ENOTDIR) {
    throw system::ConfigError(fmt::format("cannot append to {}: the directory {} does not exist",
                                          path, system::directory_of(path)));
  }
  system::fail_errno(fmt::format("append to {}", path));
}

off_t size_of(int fd, const std::string& path) {
  struct stat st {};
  if (::fstat(fd, &st) != 0) {
    system::fail_errno(fmt::format("look at {}", path));
  }
  if (!S_ISREG(st.st_mode)) {
    throw system::ConfigError(fmt::format("cannot append to {}: it is not a regular file", path));
  }
  return st.st_size;
}

// Where the last line begins that has no newline; `size` when there is none such.
off_t torn_at(int fd, off_t size, const std::string& path) {
  std::array<char, kBlock> block;
  for (off_t end = size; end > 0;) {
    const off_t begin = std::max<off_t>(0, end - kBlock);
    const auto length = static_cast<std::size_t>(end - begin);
    if (::pread(fd, block.data(), length, begin) != static_cast<ssize_t>(length)) {
      system::fail_errno(fmt::format("read the end of {}", path));
    }
    const std::size_t newline = std::string_view(block.data(), length).rfind('\n');
    if (newline != std::string_view::npos) {
      return begin + static_cast<off_t>(newline) + 1;
    }
    end = begin;
  }
  return 0;
}

// What a crash tore was not settled: its update is delivered again. Only a line of ours is cut,
// JSON begins with '{'; what somebody else wrote without a newline gets one.
void mend_end(int fd, const std::string& path) {
  const off_t size = size_of(fd, path);
  const off_t torn = torn_at(fd, size, path);
  if (torn == size) {
    return;
  }
  char first = 0;
  const bool ours = ::pread(fd, &first, 1, torn) == 1 && (first == '{' || first == '\0');
  system::log_warning(fmt::format("{} ends in a line without newline of {} bytes: {}", path,
                                  size - torn,
                                  ours ? "cut off, its update is delivered again" : "completed"));
  const bool done = ours ? ::ftruncate(fd, torn) == 0 : ::write(fd, "\n", 1) == 1;
  if (!done) {
    system::fail_errno(fmt::format("mend the end of {}", path));
  }
}

}  // namespace

LineFile::LineFile(std::string path) : path_(std::move(path)) { open(); }

void LineFile::open() {
  system::Fd fd{::open(path_.c_str(), kFlags)};
  const bool made = !fd && errno == ENOENT;
  if (made) {
    fd = system::Fd{::open(path_.c_str(), kFlags | O_CREAT, 0644)};
  }
  if (!fd) {
    fail_to_open(path_);
  }
  if (made) {
    system::sync_directory_of(path_);
  }
  mend_end(fd.get(), path_);
  fd_ = std::move(fd);
}

std::optional<std::string> LineFile::append(std::string_view line) {
  if (!fd_) {
    try {
      open();
    } catch (const system::Failure& failure) {
      return failure.what();
    }
  }
  return write(std::string(line) + '\n');
}

std::optional<std::string> LineFile::write(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(fd_.get(), text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      const int error = n < 0 ? errno : ENOSPC;
      undo(written);
      return fmt::format("cannot append to {}: {}", path_, std::strerror(error));
    }
    written += static_cast<std::size_t>(n);
  }
  return std::nullopt;
}

// Takes back the `written` bytes of a line that could not be finished, unless somebody else has
// appended behind them.
void LineFile::undo(std::size_t written) {
  const off_t end = ::lseek(fd_.get(), 0, SEEK_CUR);
  if (written == 0 || end != size_of(fd_.get(), path_)) {
    return;
  }
  if (::ftruncate(fd_.get(), end - static_cast<off_t>(written)) != 0) {
    system::fail_errno(fmt::format("take back half a line of {}", path_));
  }
}

void LineFile::sync() {
  if (fd_ && ::fdatasync(fd_.get()) != 0) {
    system::fail_errno(fmt::format("sync {}", path_));
  }
}

std::uint64_t LineFile::size() const {
  return fd_ ? static_cast<std::uint64_t>(size_of(fd_.get(), path_)) : 0;
}

system::Time LineFile::made_at() const {
  struct statx found {};
  const bool known = fd_ && ::statx(fd_.get(), "", AT_EMPTY_PATH, STATX_BTIME, &found) == 0 &&
                     (found.stx_mask & STATX_BTIME) != 0;
  return known ? system::Time(std::chrono::seconds(found.stx_btime.tv_sec)) : system::now();
}

void LineFile::reopen() {
  fd_.reset();
  try {
    open();
  } catch (const system::Failure& failure) {
    system::log_warning(failure.what());
  }
}

}  // namespace monitor::delivery
