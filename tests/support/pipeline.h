// The programs as a user starts them, with no more flags than a test needs, in a world of their
// own: home, state and runtime directories inside one temporary directory, ports chosen by the
// system. Whatever still runs when it goes is killed.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_client.h"
#include "tests/support/notify_socket.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace monitor::tests {

using Arguments = std::vector<std::string>;

class Pipeline {
 public:
  Pipeline();
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Starts a program in this world and does not wait for anything.
  std::unique_ptr<Process> launch(const std::string& program, Arguments arguments = {},
                                  std::map<std::string, std::string> environment = {});
  // A subscriber: returns when it follows the feed, so that it gets whatever is posted from then
  // on.
  std::unique_ptr<Process> start(const std::string& program, Arguments arguments = {});

  // The receiver on --port 0 the first time and on that same port afterwards, so that senders find
  // it again. Returns when it listens.
  std::unique_ptr<Process> start_receiver(Arguments arguments = {});
  std::unique_ptr<Process> start_store(Arguments arguments = {});
  // What `make run` starts: receiver, store, and a formatter that prints everything that comes from
  // now on.
  void start_all();

  // Ports that no outgoing connection gets from the system while their servers are down, for tests
  // that kill those again and again and want them back where they were. Before anything is started.
  void choose_lasting_ports();
  int receiver_port() const { return receiver_port_; }
  int store_port() const { return store_port_; }
  std::string receiver_url(const std::string& path = "") const { return url(receiver_port_, path); }
  std::string webhook_url(const std::string& provider = "") const;
  std::string store_url(const std::string& path = "") const { return url(store_port_, path); }
  std::map<std::string, std::string> environment() const;
  std::string path(const std::string& name) const { return directory_ / name; }
  // Where the receiver keeps its journal by default.
  std::string receiver_state() const;

  HttpAnswer post(std::string_view body) { return client.post(webhook_url(), body); }

  HttpClient client;
  // Of start_all().
  std::unique_ptr<Process> receiver;
  std::unique_ptr<Process> store;
  std::unique_ptr<Process> formatter;

 private:
  static std::string url(int port, const std::string& path);

  TempDir directory_;
  int receiver_port_ = 0;
  int store_port_ = 0;
  std::atomic<int> notify_sockets_ = 0;
};

// The port in the first line with a URL, "listening on http://HOST:PORT", that a server prints on
// stderr.
int wait_for_port(Process& server);

}  // namespace monitor::tests
