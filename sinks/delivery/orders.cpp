#include "sinks/delivery/orders.h"

#include <poll.h>

#include <utility>

#include "lib/system/service.h"

namespace monitor::delivery {

Orders::Orders(const system::Signals& signals)
    : Orders(signals.fd(), [&signals] { return signals.take(); }) {}

Orders::Orders(int fd, std::function<std::optional<system::Signal>()> take)
    : fd_(fd), take_(std::move(take)) {}

void Orders::take() {
  while (const auto signal = take_()) {
    if (*signal == system::Signal::reload) {
      reload_ = true;
    } else {
      ++stops_;
    }
  }
}

void Orders::wait(std::chrono::milliseconds patience) {
  pollfd signals{fd_, POLLIN, 0};
  ::poll(&signals, 1, static_cast<int>(patience.count()));
  take();
}

bool Grace::is_over() {
  using Clock = std::chrono::steady_clock;
  system::notify_alive();
  orders_.take();
  if (orders_.stop() && !until_) {
    until_ = Clock::now() + time_;
  }
  return orders_.at_once() || (until_ && Clock::now() >= *until_);
}

bool Orders::take_reload() { return std::exchange(reload_, false); }

}  // namespace monitor::delivery
