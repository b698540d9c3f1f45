// What the operator asked for by signals, remembered until it is done: TERM and INT stop the sink,
// a second one at once; HUP reopens. Shared by the loop and by sinks that wait for something
// themselves; one thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "lib/system/signals.h"

namespace monitor::delivery {

class Orders {
 public:
  explicit Orders(const system::Signals& signals);
  // `take` gives one signal a call, then nothing; `fd` is readable when it would give one.
  Orders(int fd, std::function<std::optional<system::Signal>()> take);

  // To wait for; readable until take() was called.
  int fd() const { return fd_; }
  void take();
  // take() after at most `patience`, sooner when a signal comes.
  void wait(std::chrono::milliseconds patience);

  bool stop() const { return stops_ > 0; }
  bool at_once() const { return stops_ > 1; }
  bool reload_wanted() const { return reload_; }
  // True once for any number of HUPs.
  bool take_reload();

 private:
  int fd_;
  std::function<std::optional<system::Signal>()> take_;
  int stops_ = 0;
  bool reload_ = false;
};

// How long what is under way may go on once the sink is told to stop: so long, or until it is told
// again. Whoever waits for a destination asks, every second or so.
class Grace {
 public:
  // `orders` must outlive it.
  Grace(Orders& orders, std::chrono::milliseconds time) : orders_(orders), time_(time) {}

  // Takes signals, and tells systemd's watchdog that we are well.
  bool is_over();

 private:
  Orders& orders_;
  std::chrono::milliseconds time_;
  std::optional<std::chrono::steady_clock::time_point> until_;  // once told to stop
};

}  // namespace monitor::delivery
