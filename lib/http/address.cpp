#include "lib/http/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "lib/system/error.h"

namespace monitor::http {
namespace {

// Connections that wait to be accepted; the kernel caps it at net.core.somaxconn.
constexpr int kBacklog = 4096;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& host, int port, std::string& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (result != 0) {
    error = ::gai_strerror(result);
    found = nullptr;
  }
  return {found, &::freeaddrinfo};
}

bool is_loopback_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  }
  return false;
}

sockaddr_storage address_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    system::fail_errno("read a socket's address");
  }
  return address;
}

}  // namespace

system::Fd listen_on(const std::string& host, int port) {
  const std::string action = fmt::format("listen on {}", join_host_port(host, port));
  std::string error;
  const Addresses addresses = resolve(host, port, error);
  if (!addresses) {
    system::fail(action, error);
  }
  system::Fd socket{::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int on = 1;
  // Restarting must not wait for connections of the last run to time out.
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    system::fail_errno(action);
  }
  return socket;
}

int port_of(int socket) {
  const sockaddr_storage address = address_of(socket);
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::string host_of(int socket) {
  const sockaddr_storage address = address_of(socket);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const ip =
      address.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  return ::inet_ntop(address.ss_family, ip, text.data(), text.size());
}

bool is_loopback(const std::string& host) {
  std::string error;
  const Addresses addresses = resolve(host, 0, error);
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    if (!is_loopback_address(*one->ai_addr)) {
      return false;
    }
  }
  return addresses != nullptr;
}

std::string join_host_port(const std::string& host, int port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

}  // namespace monitor::http
