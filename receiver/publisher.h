// The live feed: a PUB socket, used by the receiver's loop only. Never waits for a subscriber: what
// one is too slow for is dropped for that one, which notices by the seq and asks the replay socket
// (lib/feed/feed-format.md).
#pragma once

#include <string>
#include <zmq.hpp>

#include "lib/feed/message.h"

namespace monitor::receiver {

class Publisher {
 public:
  // Binds. Throws system::Failure.
  Publisher(zmq::context_t& context, const std::string& endpoint);

  void publish(const feed::Event& event);
  void heartbeat(const std::string& stream, std::uint64_t last_seq);

 private:
  zmq::socket_t socket_;
};

// A socket bound to `endpoint`, with no linger. Throws system::Failure "cannot bind ENDPOINT:
// REASON".
zmq::socket_t bind(zmq::context_t& context, zmq::socket_type type, const std::string& endpoint,
                   int high_water);

}  // namespace monitor::receiver
