#include "tests/support/notify_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace monitor::tests {

NotifySocket::NotifySocket(const std::string& path)
    : path_(path), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw std::runtime_error("too long for a socket: " + path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ::unlink(path.c_str());
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot bind " + path);
  }
}

std::string NotifySocket::wait_for(const std::string& words, Deadline deadline) {
  std::string heard;
  for (;;) {
    pollfd ready{socket_.get(), POLLIN, 0};
    if (::poll(&ready, 1, deadline.left_ms()) <= 0) {
      throw std::runtime_error("nobody said '" + words + "' on " + path_ + "; heard:\n" + heard);
    }
    char buffer[4096];
    const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    const std::string message(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
    if (message.find(words) != std::string::npos) {
      return message;
    }
    heard += message + '\n';
  }
}

}  // namespace monitor::tests
