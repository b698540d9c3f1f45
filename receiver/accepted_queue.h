// The way from the HTTP thread to the receiver's loop: whole, judged webhooks that wait for the
// journal. Any thread pushes, the loop takes all at once. Closing it refuses everything that is in
// it or comes later, so that nobody is left waiting when the program ends.
#pragma once

#include <mutex>
#include <vector>

#include "lib/feed/message.h"
#include "lib/http/server.h"
#include "lib/system/fd.h"

namespace monitor::receiver {

// A webhook and the sender who waits for its answer.
struct Accepted {
  feed::Event event;
  http::Exchange exchange;
};

// 503 with Retry-After: the sender shall come again.
http::Response try_again(const std::string& reason);

class AcceptedQueue {
 public:
  explicit AcceptedQueue(std::size_t most);

  // False when it is full or closed: the webhook then stays with the caller, untouched.
  bool push(Accepted& accepted);
  // All that wait, oldest first.
  std::vector<Accepted> take();
  void close();

  // Readable when take() may return something.
  int fd() const { return wake_.get(); }

 private:
  const std::size_t most_;
  system::Fd wake_;
  std::mutex mutex_;
  std::vector<Accepted> waiting_;
  bool open_ = true;
};

}  // namespace monitor::receiver
