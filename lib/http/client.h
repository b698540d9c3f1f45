// Outgoing HTTP (libcurl; the only user of curl.h). Trusts nobody it asks: TLS is verified, a
// redirect is an answer like any other, answers are bounded in bytes and time. Proxy variables
// (https_proxy, no_proxy) are honoured.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace monitor::http {

struct Fetched {
  int status = 0;  // 0: there was no whole answer, see `error`
  std::string body = {};
  std::string error = {};  // "Couldn't resolve host name"; empty when there was an answer
};

// The seam: who needs something from outside takes one of these.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // Waits for the answer. Never throws for what the other side does. One thread at a time.
  virtual Fetched get(const std::string& url) = 0;
  // What is under way, and everything asked later, fails within a second: the program is ending.
  // Any thread.
  virtual void give_up() {}
};

struct ClientSettings {
  std::chrono::milliseconds patience{5000};  // for the whole exchange
  std::size_t max_body = 64 << 10;
  bool https_only = true;
};

class Client : public Fetcher {
 public:
  explicit Client(ClientSettings settings = {}) : settings_(settings) {}
  Fetched get(const std::string& url) override;
  void give_up() override { given_up_ = true; }

 private:
  ClientSettings settings_;
  std::atomic<bool> given_up_{false};
};

}  // namespace monitor::http
