#include "receiver/accepted_queue.h"

#include <sys/eventfd.h>

#include <utility>

#include "lib/system/error.h"

namespace monitor::receiver {

http::Response try_again(const std::string& reason) {
  http::Response response = http::error_response(503, reason);
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

AcceptedQueue::AcceptedQueue(std::size_t most)
    : most_(most), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) {
    system::fail_errno("make an eventfd");
  }
}

bool AcceptedQueue::push(Accepted& accepted) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || waiting_.size() >= most_) {
      return false;
    }
    first = waiting_.empty();
    waiting_.push_back(std::move(accepted));
  }
  if (first) {
    ::eventfd_write(wake_.get(), 1);
  }
  return true;
}

std::vector<Accepted> AcceptedQueue::take() {
  eventfd_t ignored = 0;
  ::eventfd_read(wake_.get(), &ignored);
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void AcceptedQueue::close() {
  std::vector<Accepted> left;
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    left = std::exchange(waiting_, {});
  }
  for (Accepted& accepted : left) {
    accepted.exchange.answer(try_again("the receiver is shutting down"));
  }
}

}  // namespace monitor::receiver
