// An intake behind a real server, for the tests of what it takes and refuses.
#pragma once

#include <poll.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "lib/http/client.h"
#include "receiver/intake.h"
#include "tests/support/http_client.h"

namespace monitor::tests {

// An intake behind a real server. What it accepts is answered with its provider by a thread of
// ours, as the receiver's loop would do once it is kept.
class Open {
 public:
  explicit Open(const std::vector<std::string>& tokens = {}, std::size_t most = 100)
      : Open(receiver::Policy(status::Providers::shipped(), http::TokenCheck(tokens),
                              tokens.empty()),
             most) {}
  Open(receiver::Policy policy, std::size_t most, http::Fetcher* fetcher = nullptr)
      : policy_(std::make_shared<const receiver::Policy>(std::move(policy))),
        queue_(most),
        intake_(options, policy_, queue_, counters, server_,
                fetcher == nullptr ? no_fetcher_ : *fetcher) {
    server_.start(intake_);
    if (most > 0) {
      loop_ = std::thread([this] { answer_all(); });
    }
  }
  ~Open() {
    done_ = true;
    intake_.close();
    queue_.close();
    if (loop_.joinable()) {
      loop_.join();
    }
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

  std::string url(const std::string& path) const { return server_.url() + path; }
  HttpAnswer post(const std::string& path, std::string_view body,
                  const std::vector<std::string>& headers = {}) {
    return client.post(url(path), body, headers);
  }
  HttpAnswer get(const std::string& path, const std::vector<std::string>& headers = {}) {
    return client.get(url(path), headers);
  }
  int port() const { return server_.port(); }

  receiver::ReceiverOptions options;
  receiver::Counters counters;
  HttpClient client;

 private:
  void answer_all() {
    pollfd ready{queue_.fd(), POLLIN, 0};
    while (!done_) {
      ::poll(&ready, 1, 5);
      for (receiver::Accepted& accepted : queue_.take()) {
        const feed::Event& event = accepted.event;
        accepted.exchange.answer({.status = 200,
                                  .body = event.format + ' ' + event.provider + ' ' + event.body +
                                          (event.test ? " test" : "")});
      }
    }
  }

  receiver::SharedPolicy policy_;
  receiver::AcceptedQueue queue_;
  http::Client no_fetcher_;
  receiver::Intake intake_;
  http::Server server_{http::ServerSettings{}};
  std::atomic<bool> done_{false};
  std::thread loop_;
};

}  // namespace monitor::tests
