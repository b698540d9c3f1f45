// Where events leave the receiver: the live feed, the replay server and, with a key, the doorkeeper
// in front of both. Used by the receiver's loop only.
#pragma once

#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "receiver/counters.h"
#include "receiver/doorkeeper.h"
#include "receiver/feed_access.h"
#include "receiver/journal.h"
#include "receiver/policy.h"
#include "receiver/publisher.h"
#include "receiver/replay_server.h"

namespace monitor::receiver {

class Outlet {
 public:
  // Binds; throws system::Failure. `access` was read from what `options` name.
  Outlet(const ReceiverOptions& options, FeedAccess access, const Journal& journal,
         const SharedPolicy& policy, Counters& counters);

  void publish(const feed::Event& event) { open_->publisher.publish(event); }
  void heartbeat(const std::string& stream, std::uint64_t seq) {
    open_->publisher.heartbeat(stream, seq);
  }

  // After a reload. ZeroMQ asks about a client only when it comes, so when one was taken out, or
  // the key is another, all connections are closed and the sockets bound anew: whoever still may
  // comes back by itself and asks for what it missed. Throws system::Failure.
  void admit(FeedAccess access);

  // "publishing on EP ..., replaying on EP ..."
  std::string places() const;
  // Who may come in by tcp; empty without a key.
  std::string guests() const;

 private:
  // In the order of making; a context waits for its sockets to be gone, and their ports with them.
  struct Open {
    explicit Open(const Outlet& outlet);
    zmq::context_t& start(const Outlet& outlet);

    zmq::context_t context{1};
    std::optional<Doorkeeper> doorkeeper;
    Publisher publisher;
    ReplayServer replay;
  };
  void open();
  std::string secret_key() const;  // empty without one

  const ReceiverOptions& options_;
  const Journal& journal_;
  const SharedPolicy& policy_;
  Counters& counters_;
  FeedAccess access_;
  std::vector<std::string> feed_;  // as bound
  std::vector<std::string> replay_;
  std::optional<Open> open_;
};

}  // namespace monitor::receiver
