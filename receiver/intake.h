// The receiver's HTTP side: decides about every request on the server's thread, and hands what is
// worth keeping to the loop. It trusts nothing of a request: path, token and length are judged
// before the body is read, the body is only scanned, never walked. What is refused is answered,
// counted and forgotten.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "lib/http/server.h"
#include "receiver/accepted_queue.h"
#include "receiver/counters.h"
#include "receiver/options.h"
#include "receiver/policy.h"

namespace monitor::receiver {

// What a path asks for.
struct Route {
  enum class Kind { webhook, test, health, metrics, index, incidents, unknown };
  Kind kind = Kind::unknown;
  std::string format;    // of a webhook
  std::string provider;  // of a webhook: the slug in its path, may be empty
  std::string problem;   // of an unknown one: what is wrong, may be empty
};
Route route_of(const std::string& path);

class Intake : public http::Handler {
 public:
  Intake(const ReceiverOptions& options, const SharedPolicy& policy, AcceptedQueue& queue,
         Counters& counters, const http::Server& server);

  std::optional<http::Response> admit(const http::Request& head) override;
  void serve(http::Exchange exchange) override;

 private:
  std::optional<http::Response> check_method(const Route& route, const http::Request& head);
  std::optional<http::Response> check_access(const Route& route, const http::Request& head);
  bool test_is_harmless(const http::Request& head) const;
  http::Response turn_away(const http::Request& request, const std::string& who,
                           const std::string& reason);
  void take_webhook(const Route& route, http::Exchange exchange);
  void take_test(http::Exchange exchange);
  void enqueue(feed::Event event, http::Exchange exchange);
  http::Response refuse(const http::Request& head, http::Response response);

  const ReceiverOptions& options_;
  const SharedPolicy& policy_;
  AcceptedQueue& queue_;
  Counters& counters_;
  const http::Server& server_;
  const bool loopback_;
  std::set<std::string> turned_away_;  // what has been told of it
};

}  // namespace monitor::receiver
