#include "formatter/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>

#include "lib/system/error.h"

namespace monitor::formatter {
namespace {

using Clock = std::chrono::steady_clock;

// A regular file takes a whole update at once; a pipe that is writable has room for PIPE_BUF bytes,
// pipe(7).
std::size_t chunk_of(int fd) {
  struct stat st {};
  return ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? SSIZE_MAX : PIPE_BUF;
}

}  // namespace

void require_open(int fd) {
  if (::fcntl(fd, F_GETFD) < 0) {
    system::fail_errno("write to stdout");
  }
}

bool reader_left(short revents) { return (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0; }

DescriptorOutput::DescriptorOutput(int fd, Stop& stop, std::chrono::milliseconds patience)
    : fd_(fd), stop_(stop), patience_(patience), chunk_(chunk_of(fd)) {}

Written DescriptorOutput::write(std::string_view text) {
  while (!text.empty()) {
    if (const Written ready = wait_until_writable(); ready != Written::whole) {
      return ready;
    }
    const ssize_t taken = ::write(fd_, text.data(), std::min(text.size(), chunk_));
    if (taken >= 0) {
      text.remove_prefix(static_cast<std::size_t>(taken));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Written::reader_left;
    } else if (errno != EINTR && errno != EAGAIN) {
      system::fail_errno("write to stdout");
    }
  }
  return Written::whole;
}

Written DescriptorOutput::wait_until_writable() {
  Clock::time_point give_up_at = Clock::time_point::max();
  for (;;) {
    stop_.look();
    if (stop_.asked() && give_up_at == Clock::time_point::max()) {
      give_up_at = Clock::now() + patience_;
    }
    if (stop_.at_once() || Clock::now() >= give_up_at) {
      return Written::stopped;
    }
    std::array<pollfd, 2> fds{{{fd_, POLLOUT, 0}, {stop_.fd(), POLLIN, 0}}};
    const int patience = stop_.asked() ? static_cast<int>(patience_.count()) : -1;
    ::poll(fds.data(), fds.size(), patience);
    if (reader_left(fds[0].revents)) {
      return Written::reader_left;
    }
    if ((fds[0].revents & POLLOUT) != 0) {
      return Written::whole;
    }
  }
}

}  // namespace monitor::formatter
