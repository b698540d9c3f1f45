#include "tests/support/raw_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <cstdlib>
#include <stdexcept>

namespace monitor::tests {
namespace {

bool is_complete(const std::string& answer) {
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string::npos) {
    return false;
  }
  const char* const length = strcasestr(answer.c_str(), "\r\nContent-Length:");
  return length != nullptr &&
         answer.size() >= head_end + 4 + std::strtoul(length + 17, nullptr, 10);
}

}  // namespace

RawConnection::RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawConnection::finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

std::size_t RawConnection::send_some(std::string_view bytes) {
  const ssize_t count =
      ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

template <typename Complete>
std::string RawConnection::receive(Complete complete, Deadline deadline) {
  std::string answer;
  pollfd ready{socket_.get(), POLLIN, 0};
  while (!complete(answer) && ::poll(&ready, 1, deadline.left_ms()) > 0) {
    char buffer[65536];
    const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (count <= 0) {
      break;
    }
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  return answer;
}

std::string RawConnection::receive_answer(Deadline deadline) {
  return receive(is_complete, deadline);
}

std::string RawConnection::receive_until(std::string_view part, Deadline deadline) {
  return receive([&](const std::string& answer) { return answer.find(part) != std::string::npos; },
                 deadline);
}

bool RawConnection::wait_for_close(Deadline deadline) {
  pollfd ready{socket_.get(), POLLIN, 0};
  while (::poll(&ready, 1, deadline.left_ms()) > 0) {
    char buffer[65536];
    if (::recv(socket_.get(), buffer, sizeof buffer, 0) <= 0) {
      return true;
    }
  }
  return false;
}

bool RawConnection::closed_now() { return wait_for_close(Deadline(std::chrono::milliseconds(0))); }

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
}

}  // namespace monitor::tests
