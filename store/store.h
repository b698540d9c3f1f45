// status-store as a whole: owns the state directory's lock, the archive, the HTTP server and the
// subscriber, and drives them in one loop on main's thread. The server's thread (libmicrohttpd's,
// joined by ~Server) touches only the Api with its own database connection, and the
// SharedCondition.
//
// When the database can't be written (disk full), the events at hand are kept and tried again,
// /health answers 503, and no more are taken from the feed until it works: what is published
// meanwhile is fetched from the journal.
#pragma once

#include <poll.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lib/feed/reading.h"
#include "lib/feed/subscriber.h"
#include "lib/http/server.h"
#include "lib/system/fd.h"
#include "lib/system/signals.h"
#include "store/api/api.h"
#include "store/archive/archive.h"
#include "store/condition.h"
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

  void gather();
  void take(const feed::Event& event);
  void keep();
  void go_wrong(const storage::Error& error);
  void wait_for(std::chrono::milliseconds patience);
  void read_signals();
  void look_after();
  void publish_condition();
  void close();

  const system::Signals& signals_;
  std::string database_path_;
  system::Fd claim_;
  Archive archive_;
  SharedCondition condition_;
  Api api_;
  http::Server server_;
  feed::Subscriber subscriber_;

  std::vector<Arrival> batch_;  // taken from the feed, not committed
  // When the last event of the batch committed in this round arrived.
  std::optional<system::Time> applied_until_;
  std::string trouble_;  // why the batch can't be committed; empty: it can
  std::chrono::milliseconds retry_in_{};
  Clock::time_point retry_at_{};
  Clock::time_point beat_at_{};
  feed::UnknownShapes unknown_shapes_;
  std::string told_status_;
  int terminations_ = 0;
  pollfd wake_{};
};

}  // namespace monitor::store
