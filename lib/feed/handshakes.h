// What came of a socket's attempts to reach its receiver: ZeroMQ itself says nothing when a key is
// wrong, it only stays silent. Private to lib/feed; one thread, the socket's.
#pragma once

#include <string>
#include <zmq.hpp>

#include "lib/feed/keys.h"

namespace monitor::feed {

class Handshakes {
 public:
  // `socket`: made, not connected yet. Must be gone before it.
  Handshakes(zmq::context_t& context, zmq::socket_t& socket, const ClientKeys& keys);
  ~Handshakes();
  Handshakes(const Handshakes&) = delete;
  Handshakes& operator=(const Handshakes&) = delete;

  // Why the last one failed, with what to do; empty when it did not, or when that may pass by
  // itself.
  const std::string& trouble();
  // The same when nothing has come for long, so that it does not seem to pass.
  std::string trouble_of_silence();
  void* handle() { return events_.handle(); }

 private:
  void look();
  void take(int event, unsigned value);

  zmq::socket_t& socket_;
  zmq::socket_t events_;
  ClientKeys keys_;
  std::string trouble_;
  bool broken_off_ = false;
};

}  // namespace monitor::feed
