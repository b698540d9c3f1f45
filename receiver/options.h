// What status-receiver can be told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/http/tls.h"
#include "receiver/journal.h"

namespace monitor::receiver {

struct ReceiverOptions {
  std::string host = "127.0.0.1";
  int port = 5000;
  int socket = -1;  // systemd's, which then says host and port
  std::vector<std::string> feed;
  std::vector<std::string> replay;
  std::string feed_key;
  std::string feed_clients;
  std::string state;
  std::string providers;
  std::string token_file;
  http::TlsFiles tls;
  bool allow_unauthenticated = false;
  std::uint64_t max_body = 1 << 20;
  int max_pending = 8192;
  int max_connections = 4096;
  std::chrono::seconds request_time{30};
  Keep keep;
  std::string keygen;
  bool check = false;
  bool debug = false;

  ReceiverOptions();
};

// Nothing: --help or --version was printed. Throws system::UsageError and system::ConfigError.
std::optional<ReceiverOptions> parse_options(int argc, char** argv);

}  // namespace monitor::receiver
