// The live feed: a PUB socket, used by the receiver's loop only. Never waits for a subscriber: what
// one is too slow for is dropped for that one, which notices by the seq and asks the replay socket
// (lib/feed/feed-format.md).
#pragma once

#include <string>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/message.h"
#include "receiver/bound_socket.h"

namespace monitor::receiver {

class Publisher {
 public:
  // Binds. Throws system::Failure.
  Publisher(zmq::context_t& context, const Place& place);

  void publish(const feed::Event& event);
  void heartbeat(const std::string& stream, std::uint64_t last_seq);

  const std::vector<std::string>& endpoints() const { return socket_.endpoints(); }

 private:
  BoundSocket socket_;
};

}  // namespace monitor::receiver
