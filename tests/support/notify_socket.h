// The other end of $NOTIFY_SOCKET: what a program tells its supervisor (sd_notify(3)), so that a
// test can wait for it. Bound to its path as long as it lives.
#pragma once

#include <string>

#include "lib/system/fd.h"
#include "tests/support/deadline.h"

namespace monitor::tests {

class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path);

  const std::string& path() const { return path_; }
  // Reads messages until one contains `words` ("READY=1", or a part of a STATUS), and returns that
  // one. Throws std::runtime_error with all that was said when the deadline passes.
  std::string wait_for(const std::string& words, Deadline deadline = Deadline());

 private:
  std::string path_;
  system::Fd socket_;
};

}  // namespace monitor::tests
