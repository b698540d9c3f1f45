#include "sinks/delivery/log_socket.h"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

using Clock = std::chrono::steady_clock;
using Trouble = std::optional<std::string>;

constexpr const char kJournald[] = "/run/systemd/journal/socket";

[[noreturn]] void refuse(const std::string& text) {
  throw system::ConfigError(
      fmt::format("cannot use --to {}: give journald, unix:/dev/log, udp://HOST:514 or "
                  "tcp://HOST:601",
                  text));
}

LogTarget at_path(LogTarget::Kind kind, const std::string& path, const std::string& text) {
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) {
    refuse(text);
  }
  return {.kind = kind, .path = path};
}

// "host:port", "[::1]:port", or without a port.
LogTarget at_host(LogTarget::Kind kind, const std::string& place, const std::string& text) {
  const auto bracket = place.rfind(']');
  const auto colon = place.rfind(':');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  std::string host = place.substr(0, has_port ? colon : std::string::npos);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  const std::string port = has_port                       ? place.substr(colon + 1)
                           : kind == LogTarget::Kind::udp ? "514"
                                                          : "601";
  const bool number = !port.empty() && port.size() <= 5 &&
                      port.find_first_not_of("0123456789") == std::string::npos;
  if (host.empty() || !number || host.find_first_of("/[] ") != std::string::npos) {
    refuse(text);
  }
  return {.kind = kind, .host = host, .port = port};
}

std::string reason(int error) {
  // EINPROGRESS: SO_SNDTIMEO ended a connect(2); EAGAIN: a send(2).
  return error == EINPROGRESS || error == EAGAIN ? "it takes nothing" : std::strerror(error);
}

}  // namespace

LogTarget parse_log_target(const std::string& text) {
  const auto rest = [&](std::string_view prefix) { return text.substr(prefix.size()); };
  using Kind = LogTarget::Kind;
  return text == "journald"              ? LogTarget{.kind = Kind::journald, .path = kJournald}
         : text.starts_with("journald:") ? at_path(Kind::journald, rest("journald:"), text)
         : text.starts_with("unix:")     ? at_path(Kind::unix_socket, rest("unix:"), text)
         : text.starts_with("udp://")    ? at_host(Kind::udp, rest("udp://"), text)
         : text.starts_with("tcp://")    ? at_host(Kind::tcp, rest("tcp://"), text)
                                         : (refuse(text), LogTarget());
}

Trouble LogSocket::send(std::string_view message) {
  const bool kept = socket_ && !is_gone();
  if (!kept) {
    if (auto trouble = connect()) {
      return trouble;
    }
  }
  Trouble trouble = write(message);
  if (trouble && kept) {  // the reader was restarted since the last one
    trouble = connect();
    if (!trouble) {
      trouble = write(message);
    }
  }
  if (trouble) {
    // Half a frame on the old stream: the other side drops it with the connection.
    socket_.reset();
  }
  return trouble;
}

Trouble LogSocket::connect() {
  socket_.reset();
  return target_.path.empty() ? connect_to_host() : connect_to_path();
}

system::Fd LogSocket::new_socket(int family, int type) const {
  system::Fd fd{::socket(family, type | SOCK_CLOEXEC, 0)};
  const timeval patience{.tv_sec = patience_.count(), .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);  // connect(2) too
  return fd;
}

Trouble LogSocket::connect_to_path() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, target_.path.data(), target_.path.size());
  system::Fd fd = new_socket(AF_UNIX, SOCK_DGRAM);
  if (!fd ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fmt::format("cannot reach {}: {}", target_.path, reason(errno));
  }
  socket_ = std::move(fd);
  return std::nullopt;
}

Trouble LogSocket::connect_to_host() {
  const std::string whom = fmt::format("{}:{}", target_.host, target_.port);
  addrinfo hints{};
  hints.ai_socktype = target_.kind == LogTarget::Kind::tcp ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(target_.host.c_str(), target_.port.c_str(), &hints, &found);
  if (code != 0) {
    return fmt::format("cannot reach {}: {}", whom, ::gai_strerror(code));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  int error = 0;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    system::Fd fd = new_socket(one->ai_family, one->ai_socktype);
    if (fd && ::connect(fd.get(), one->ai_addr, one->ai_addrlen) == 0) {
      socket_ = std::move(fd);
      return std::nullopt;
    }
    error = errno;
  }
  return fmt::format("cannot reach {}: {}", whom, reason(error));
}

// The other end of a stream has closed it. A write would still succeed, and be lost.
bool LogSocket::is_gone() const {
  if (target_.kind != LogTarget::Kind::tcp) {
    return false;
  }
  char byte = 0;
  const ssize_t n = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

Trouble LogSocket::write(std::string_view message) {
  while (!message.empty()) {
    const ssize_t n = ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fmt::format("cannot write to {}: {}", target_.path + target_.host, reason(errno));
    }
    message.remove_prefix(static_cast<std::size_t>(n));
  }
  return target_.kind == LogTarget::Kind::tcp ? await_acknowledgement() : std::nullopt;
}

// Until the kernel of the other side has all. No event tells it, so it is asked for.
Trouble LogSocket::await_acknowledgement() const {
  const auto end = Clock::now() + patience_;
  for (int left = 0; ::ioctl(socket_.get(), SIOCOUTQ, &left) == 0 && left > 0;) {
    if (is_gone() || Clock::now() >= end) {
      return fmt::format("cannot write to {}: it does not acknowledge", target_.host);
    }
    ::poll(nullptr, 0, 1);
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
    return fmt::format("cannot write to {}: {}", target_.host, reason(error));
  }
  return std::nullopt;
}

}  // namespace monitor::delivery
