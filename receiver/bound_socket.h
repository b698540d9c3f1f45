// A ZeroMQ socket that the receiver bound. Takes the file of an ipc endpoint away again when it
// closes.
#pragma once

#include <string>
#include <zmq.hpp>

namespace monitor::receiver {

class BoundSocket {
 public:
  // `high_water`: messages that may wait for one peer. Throws system::Failure "cannot bind
  // ENDPOINT: REASON".
  BoundSocket(zmq::context_t& context, zmq::socket_type type, const std::string& endpoint,
              int high_water);
  ~BoundSocket();
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;

  zmq::socket_t& operator*() { return socket_; }
  zmq::socket_t* operator->() { return &socket_; }

 private:
  std::string endpoint_;
  zmq::socket_t socket_;
};

}  // namespace monitor::receiver
