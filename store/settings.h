// The options of status-store, read and checked before anything is opened.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lib/feed/subscriber.h"
#include "lib/http/tls.h"

namespace monitor::store {

struct Settings {
  std::string host = "127.0.0.1";
  int port = 5001;
  int socket = -1;    // systemd's, which then says host and port
  std::string state;  // directory
  std::vector<feed::Source> sources;
  std::string token_file;  // empty: none
  http::TlsFiles tls;
  bool allow_unauthenticated = false;
  std::vector<std::string> cors_origins;
  std::chrono::seconds keep_for{0};  // incidents that are over; 0: for ever
  bool rebuild = false;
};

// Nothing when --help or --version was asked for. Throws system::UsageError or ConfigError.
std::optional<Settings> read_settings(int argc, char** argv);

}  // namespace monitor::store
