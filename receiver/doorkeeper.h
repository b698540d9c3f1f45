// Says who may come in where the feed is bound with a key: answers ZeroMQ's questions about each
// connection (ZAP, https://rfc.zeromq.org/spec/27/) from the list of clients, on a thread of its
// own, and counts who knocks. ZeroMQ waits for the answer before a peer gets a byte, so whatever
// goes wrong here keeps people out, never lets them in. One for each context.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "lib/system/fd.h"
#include "receiver/counters.h"
#include "receiver/feed_access.h"

namespace monitor::receiver {

class Doorkeeper {
 public:
  // Before any socket of `context` is bound, so that none is without it. `doors`: where bound
  // sockets tell who connects (BoundSocket). `file`: where the clients are listed, for people.
  Doorkeeper(zmq::context_t& context, FeedClients clients, std::string file,
             const std::vector<std::string>& doors, Counters& counters);
  // After those sockets are closed.
  ~Doorkeeper();
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  // For who knocks from now on. Any thread.
  void set_clients(FeedClients clients);

 private:
  void run();
  void answer_one();
  std::string let_in(const std::vector<zmq::message_t>& question);
  void tell_refused(const std::string& key, const std::string& address);
  void count(zmq::socket_t& door);

  std::string file_;
  Counters& counters_;
  zmq::socket_t questions_;
  std::vector<zmq::socket_t> doors_;
  std::mutex mutex_;  // guards the two that follow
  FeedClients clients_;
  std::set<std::string> told_;  // of whom the log has said that he was refused
  system::Fd stop_;
  std::thread thread_;  // touches all of the above; joined by the destructor
};

}  // namespace monitor::receiver
