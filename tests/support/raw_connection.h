// One TCP connection to a program under test, for what no well-behaved client would send.
#pragma once

#include <string>
#include <string_view>

#include "lib/system/fd.h"
#include "tests/support/deadline.h"

namespace monitor::tests {

class RawConnection {
 public:
  // To 127.0.0.1. Throws std::runtime_error when nobody listens.
  explicit RawConnection(int port);

  // False when the other side has closed: what couldn't be sent is dropped.
  bool send(std::string_view bytes);
  // Says that nothing more comes; answers can still be read.
  void finish_sending();
  // As much as the system takes without waiting; how many bytes that was.
  std::size_t send_some(std::string_view bytes);
  // What comes until the head and the body that its Content-Length announces are complete, or the
  // other side closes, or the deadline passes.
  std::string receive_answer(Deadline deadline = Deadline());
  // What comes until `part` is in it, or the other side closes, or the deadline passes.
  std::string receive_until(std::string_view part, Deadline deadline = Deadline());
  // True when the other side closed (or reset) the connection before the deadline; what it sends
  // first is dropped.
  bool wait_for_close(Deadline deadline = Deadline());
  // The other side has closed already; does not wait.
  bool closed_now();

  // For whoever reads by itself.
  int fd() const { return socket_.get(); }

 private:
  template <typename Complete>
  std::string receive(Complete complete, Deadline deadline);

  system::Fd socket_;
};

// 0 when `answer` is no HTTP response.
int status_of(const std::string& answer);

}  // namespace monitor::tests
