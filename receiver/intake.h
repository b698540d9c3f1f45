// The receiver's HTTP side: decides about every request on the server's thread, and hands what is
// worth keeping to the loop. It trusts nothing of a request: path, token and length are judged
// before the body is read, the body is only scanned, never walked. What is refused is answered,
// counted and forgotten.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "lib/http/server.h"
#include "receiver/accepted_queue.h"
#include "receiver/counters.h"
#include "receiver/options.h"
#include "receiver/policy.h"
#include "receiver/route.h"
#include "receiver/sns_desk.h"

namespace monitor::receiver {

class Intake : public http::Handler {
 public:
  Intake(const ReceiverOptions& options, const SharedPolicy& policy, AcceptedQueue& queue,
         Counters& counters, const http::Server& server, http::Fetcher& fetcher);

  // Ends the thread that waits for Amazon. What comes later is refused (503) if it needs that one.
  void close() { sns_desk_.close(); }

  std::optional<http::Response> admit(const http::Request& head) override;
  void serve(http::Exchange exchange) override;

 private:
  std::optional<http::Response> check_method(const Route& route, const http::Request& head);
  std::optional<http::Response> check_access(const Route& route, const http::Request& head);
  bool test_is_harmless(const http::Request& head) const;
  http::Response turn_down(const http::Request& request, const json::Error& error);
  http::Response turn_away(const http::Request& request, const std::string& who,
                           const std::string& reason);
  void tell_once(const std::string& what);
  void take_webhook(const Route& route, http::Exchange exchange);
  void take_envelope(const Route& route, const Policy& policy, json::View body, status::Clues clues,
                     http::Exchange exchange);
  void decide(SnsDesk::Case one, const SnsVerdict& verdict);
  void take_test(http::Exchange exchange);
  void enqueue(feed::Event event, http::Exchange exchange);
  http::Response refuse(const http::Request& head, http::Response response);

  const ReceiverOptions& options_;
  const SharedPolicy& policy_;
  AcceptedQueue& queue_;
  Counters& counters_;
  const http::Server& server_;
  const bool loopback_;
  std::mutex told_mutex_;
  std::set<std::string> told_;
  std::chrono::steady_clock::time_point told_since_ = std::chrono::steady_clock::now();
  SnsDesk sns_desk_;  // last: its thread uses the others
};

}  // namespace monitor::receiver
