// Outgoing HTTP (libcurl, loaded with the first request). Trusts nobody it asks: TLS is verified, a
// redirect is an answer like any other, answers are bounded in bytes and time. Proxy variables
// (https_proxy, no_proxy) are honoured.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace monitor::http {

struct Outgoing {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};                  // of a method that has one
};

struct Fetched {
  int status = 0;  // 0: there was no whole answer, see `error`
  std::string body = {};
  std::string error = {};  // "Couldn't resolve host name"; empty when there was an answer
  std::optional<std::chrono::seconds> retry_after = {};  // what the answer says
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
  // A longer answer is no answer; false: it counts by its status, and its beginning is kept.
  bool whole_body = true;
  bool https_only = true;
  // A host whose name leads to an address of a private network is not asked, unless the URL itself
  // has the address, or is of localhost: a name is in somebody else's hands.
  bool no_private_names = false;
  // Asked every now and then while an exchange is under way; true: give this one up.
  std::function<bool()> interrupted = {};
};

class Client : public Fetcher {
 public:
  explicit Client(ClientSettings settings = {});
  ~Client() override;

  Fetched get(const std::string& url) override { return send({.url = url}); }
  // The same for any request. A connection is kept for the next one.
  Fetched send(const Outgoing& request);
  void give_up() override { given_up_ = true; }

 private:
  struct Handle;
  ClientSettings settings_;
  std::unique_ptr<Handle> handle_;
  std::atomic<bool> given_up_{false};
};

}  // namespace monitor::http
