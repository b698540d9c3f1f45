// Answers replay requests (lib/feed/feed-format.md) on a thread of its own, with a reader of its
// own, so that a subscriber that catches up never makes a sender wait. Trusts no request: each
// costs at most one bounded batch, and what is no request is counted and dropped.
#pragma once

#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/message.h"
#include "lib/system/fd.h"
#include "receiver/bound_socket.h"
#include "receiver/counters.h"
#include "receiver/journal.h"
#include "receiver/policy.h"

namespace monitor::receiver {

class ReplayServer {
 public:
  // Binds (throws system::Failure) and starts the thread.
  ReplayServer(zmq::context_t& context, const Place& place, const Journal& journal,
               const SharedPolicy& policy, Counters& counters);
  // Stops and joins it.
  ~ReplayServer();
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;

  const std::vector<std::string>& endpoints() const { return socket_.endpoints(); }

 private:
  void run();
  void answer_one();
  std::string answer_to(const feed::ReplayRequest& request);
  void tell_damage();

  std::string stream_;
  JournalReader reader_;
  BoundSocket socket_;
  const SharedPolicy& policy_;
  Counters& counters_;
  system::Fd stop_;
  bool failing_ = false;
  std::thread thread_;  // touches all of the above; joined by the destructor
};

}  // namespace monitor::receiver
