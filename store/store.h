// status-store as a whole: owns the state directory's lock, the database's two sides (Following
// writes, Api reads) and the HTTP server, and drives them in one loop on main's thread. The
// server's thread (libmicrohttpd's, joined by ~Server) touches only the Api, which has its own
// connection to the database, and the SharedCondition.
//
// A database that can't be used (damaged, no database) does not end it: everything is answered 503
// with what to do, until a rebuilt one is put in its place (generations.h).
#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "lib/http/server.h"
#include "lib/system/directory_watch.h"
#include "lib/system/fd.h"
#include "lib/system/signals.h"
#include "store/api/api.h"
#include "store/condition.h"
#include "store/following.h"
#include "store/settings.h"

namespace monitor::store {

class Store {
 public:
  // Opens everything and serves at once. Throws when it can't. `signals` must outlive the store.
  Store(const Settings& settings, const system::Signals& signals);

  // Until TERM; then what is at hand is committed, and 0. A second TERM ends it at once.
  int run();
  std::string url() const { return server_.url(); }

 private:
  using Clock = std::chrono::steady_clock;

  void open(const std::function<void()>& prepare);
  void give_up_database(const std::string& reason);
  void step();
  void read_signals();
  void reload();
  void take_rebuilt();
  void end_streams();
  void look_after();
  void publish_condition();
  void close();

  const system::Signals& signals_;
  const Settings settings_;
  const std::string database_path_;
  system::Fd claim_;
  system::DirectoryWatch watch_;
  SharedCondition condition_;
  Api api_;
  http::Server server_;
  std::optional<Following> following_;  // nothing while the database can't be used
  std::string unusable_;                // why

  Clock::time_point beat_at_{};
  Clock::time_point sign_at_{};
  std::string told_status_;
  int terminations_ = 0;
  std::array<pollfd, 2> wake_;
};

}  // namespace monitor::store
