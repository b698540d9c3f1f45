// A ZeroMQ socket that the receiver bound, to one endpoint or several: with a key, those that are
// tcp speak CURVE and ask the Doorkeeper about each peer; ipc ones, which the file system guards,
// go without. Takes the files of ipc endpoints away again when it closes.
#pragma once

#include <string>
#include <vector>
#include <zmq.hpp>

namespace monitor::receiver {

// Where to bind.
struct Place {
  std::vector<std::string> endpoints;
  std::string secret_key = {};  // empty: without a key
  std::string door = {};        // where to tell the Doorkeeper who connects; inproc
};

class BoundSocket {
 public:
  // `high_water`: messages that may wait for one peer. Throws system::Failure "cannot bind
  // ENDPOINT: REASON".
  BoundSocket(zmq::context_t& context, zmq::socket_type type, const Place& place, int high_water);
  ~BoundSocket();
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;

  zmq::socket_t& operator*() { return socket_; }
  zmq::socket_t* operator->() { return &socket_; }
  // With the ports that the system chose.
  const std::vector<std::string>& endpoints() const { return endpoints_; }

 private:
  void bind(const std::string& endpoint);
  void close();

  zmq::socket_t socket_;
  std::vector<std::string> endpoints_;
};

}  // namespace monitor::receiver
