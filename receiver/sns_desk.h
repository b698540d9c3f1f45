// Where webhooks from Amazon SNS wait until it is known whether they are Amazon's. A certificate
// may have to be fetched for that, and a subscription be confirmed, so it has a thread of its own,
// joined by close(); it uses the fetcher and calls `decide`, nothing else. Nobody else ever waits
// for it: what waits here is few and small, and what needs no fetching goes first.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "lib/feed/message.h"
#include "lib/http/server.h"
#include "receiver/sns_verifier.h"

namespace monitor::receiver {

class SnsDesk {
 public:
  struct Case {
    feed::Event event;
    http::Exchange exchange;
    SnsEnvelope envelope;
  };
  using Decide = std::function<void(Case, const SnsVerdict&)>;

  // `decide` is called once for each case, on the desk's thread or in close(). Throws
  // std::system_error when no thread can be made.
  SnsDesk(http::Fetcher& fetcher, Decide decide);
  ~SnsDesk() { close(); }
  SnsDesk(const SnsDesk&) = delete;
  SnsDesk& operator=(const SnsDesk&) = delete;

  // False when too many wait or it is closed: the case then stays with the caller, untouched.
  bool push(Case& one);
  // Ends the one under way, and decides the rest as "not now".
  void close();

 private:
  void work();
  Case take_next();
  SnsVerdict judge(const SnsEnvelope& envelope);

  SnsVerifier verifier_;
  Decide decide_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Case> waiting_;  // oldest first
  std::size_t bytes_ = 0;    // of their bodies
  bool open_ = true;
  std::thread thread_;
};

}  // namespace monitor::receiver
