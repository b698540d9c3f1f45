#include "sinks/delivery/line_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

std::string read_at(int fd, off_t begin, off_t end, const std::string& path) {
  std::string bytes(static_cast<std::size_t>(end - begin), '\0');
  if (::pread(fd, bytes.data(), bytes.size(), begin) != static_cast<ssize_t>(bytes.size())) {
    system::fail_errno(fmt::format("read the end of {}", path));
  }
  return bytes;
}

// The lines that a crash may have torn: from `begin` to the end of the file.
struct LastLines {
  off_t begin;
  std::string text;
};

LastLines last_lines(int fd, off_t size, const std::string& path) {
  off_t begin = size;
  for (std::size_t newlines = 0; begin > 0 && newlines <= kUnsyncedLines;) {
    const off_t end = begin;
    begin = std::max<off_t>(0, end - kBlock);
    const std::string block = read_at(fd, begin, end, path);
    for (std::size_t i = block.size(); i-- > 0 && newlines <= kUnsyncedLines;) {
      if (block[i] == '\n' && ++newlines > kUnsyncedLines) {  // the one before the first of them
        begin += static_cast<off_t>(i) + 1;
      }
    }
  }
  return {begin, read_at(fd, begin, size, path)};
}

// JSON begins with '{', and a block that never came to the disk reads as NUL.
bool may_be_ours(std::string_view line) { return line.front() == '{' || line.front() == '\0'; }

// Where the first line begins that is torn, all after it being ours: no newline, or a NUL, which no
// JSON has. The text's length when there is none.
std::size_t torn_at(std::string_view text) {
  std::size_t torn = text.size();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t newline = text.find('\n', begin);
    const std::string_view line = text.substr(begin, newline - begin);
    const bool whole = newline != std::string_view::npos && line.find('\0') == line.npos;
    if (!line.empty() && !may_be_ours(line)) {
      torn = text.size();
    } else if (!whole) {
      torn = std::min(torn, begin);
    }
    begin = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  return torn;
}

// What is torn was not settled: its updates are delivered again. Only lines of ours are cut; what
// somebody else wrote without a newline gets one.
void mend_end(int fd, const std::string& path) {
  const off_t size = size_of(fd, path);
  const LastLines last = last_lines(fd, size, path);
  const off_t torn = last.begin + static_cast<off_t>(torn_at(last.text));
  const bool open_ended = torn == size && !last.text.empty() && last.text.back() != '\n';
  if (torn == size && !open_ended) {
    return;
  }
  const std::string finding =
      open_ended ? "a line without newline: completed"
                 : fmt::format(
                       "{} bytes that a crash has torn: cut off, their updates are "
                       "delivered again",
                       size - torn);
  system::log_warning(fmt::format("{} ends in {}", path, finding));
  const bool done = open_ended ? ::write(fd, "\n", 1) == 1 : ::ftruncate(fd, torn) == 0;
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
