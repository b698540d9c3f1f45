// Signals as a file descriptor. Constructed first thing in main, before anything can start a
// thread, so that every thread inherits the mask and no system call is ever interrupted (libzmq and
// libmicrohttpd both mind). SIGPIPE is ignored.
#pragma once

#include <optional>

#include "lib/system/fd.h"

namespace monitor::system {

enum class Signal { terminate, reload };

class Signals {
 public:
  // Blocks TERM, INT (both mean terminate) and HUP (reload).
  Signals();

  // Readable when take() would return something.
  int fd() const { return fd_.get(); }
  // The next signal that came in, or nothing; never waits.
  std::optional<Signal> take() const;

 private:
  Fd fd_;
};

}  // namespace monitor::system
