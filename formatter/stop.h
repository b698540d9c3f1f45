// Whether somebody asked the program to leave, and how urgently. TERM, INT and HUP all mean it: a
// filter in a pipe has nothing to reload, and HUP is its terminal going away. Shared by the loop
// and the output, which both wait; one thread.
#pragma once

#include <functional>
#include <optional>

#include "lib/system/signals.h"

namespace monitor::formatter {

class Stop {
 public:
  explicit Stop(const system::Signals& signals)
      : Stop(signals.fd(), [&signals] { return signals.take(); }) {}
  // `take` gives one signal a call, then nothing; `fd` is readable when it would give one.
  Stop(int fd, std::function<std::optional<system::Signal>()> take)
      : fd_(fd), take_(std::move(take)) {}

  // To wait for; readable until look() was called.
  int fd() const { return fd_; }
  void look() {
    while (take_()) {
      ++signals_;
    }
  }

  bool asked() const { return signals_ > 0; }
  bool at_once() const { return signals_ > 1; }

 private:
  int fd_;
  std::function<std::optional<system::Signal>()> take_;
  int signals_ = 0;
};

}  // namespace monitor::formatter
