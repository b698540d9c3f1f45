// Where an HTTP sink delivers, in a test: takes requests, judges each by the rules of the service
// it stands for, keeps them, and fails as it is told to.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "tests/support/deadline.h"

namespace monitor::tests {

class Destination : public http::Handler {
 public:
  // What the service answers to a request that it takes; a rule broken is its own error answer.
  using Service = std::function<http::Response(const http::Request& request)>;
  explicit Destination(Service service = [](const http::Request&) {
    return http::json_response(200, "{}");
  });
  ~Destination() override;

  std::string url(const std::string& path = "") const { return server_.url() + path; }

  // The next request that nothing is planned for yet is answered with this, not by the service.
  void answer_next(http::Response answer);
  // Each request for which it says so is answered 503 before the service is asked.
  void fail_at_random(std::function<bool()> fails);
  // The next `count` requests get no answer at all until release() (a sink's time limit ends them).
  void hang_next(int count);
  void release();

  // Waits until so many requests have been taken (those that failed as told do not count); all of
  // them in order.
  std::vector<http::Request> wait_for(std::size_t count);
  // All that came, with those that failed as told.
  std::size_t attempts() const;

 private:
  std::optional<http::Response> admit(const http::Request&) override { return std::nullopt; }
  void serve(http::Exchange exchange) override;

  Service service_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<http::Response> answers_;
  std::function<bool()> fails_;
  int hangs_ = 0;
  bool over_ = false;
  std::vector<http::Exchange> hanging_;
  std::vector<http::Request> taken_;
  std::size_t attempts_ = 0;
  http::Server server_{http::ServerSettings{}};
};

}  // namespace monitor::tests
