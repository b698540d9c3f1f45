// A socket that takes log messages, whole ones: a datagram each, or frames on a TCP stream. Makes
// the connection when it is needed and again when it is gone. What it can't hand over is an answer,
// for the loop to wait. One thread.
//
// What "handed over" means: unix, that the reader has it in its queue; TCP, that the other machine
// has acknowledged all of it; UDP, that it was sent, which is all that UDP can tell.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/fd.h"

namespace monitor::delivery {

struct LogTarget {
  enum class Kind { journald, unix_socket, udp, tcp };
  Kind kind = Kind::journald;
  std::string path = {};  // of the first two
  std::string host = {};
  std::string port = {};
};

// "journald", "journald:PATH", "unix:PATH", "udp://HOST:PORT", "tcp://HOST:PORT"; the default ports
// are 514 and 601. Throws ConfigError naming --to.
LogTarget parse_log_target(const std::string& text);

class LogSocket {
 public:
  LogSocket(LogTarget target, std::chrono::seconds patience)
      : target_(std::move(target)), patience_(patience) {}

  // The reason when it can't. Waits no longer than the patience for each step.
  std::optional<std::string> send(std::string_view message);

 private:
  std::optional<std::string> connect();
  std::optional<std::string> connect_to_path();
  std::optional<std::string> connect_to_host();
  std::optional<std::string> write(std::string_view message);
  std::optional<std::string> await_acknowledgement() const;
  bool is_gone() const;
  system::Fd new_socket(int family, int type) const;

  LogTarget target_;
  std::chrono::seconds patience_;
  system::Fd socket_;
};

}  // namespace monitor::delivery
