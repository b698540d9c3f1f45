#include "tests/support/destination.h"

#include <utility>

namespace monitor::tests {

Destination::Destination(Service service) : service_(std::move(service)) { server_.start(*this); }

Destination::~Destination() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  hanging_.clear();
}

void Destination::answer_next(http::Response answer) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(std::move(answer));
}

void Destination::fail_at_random(std::function<bool()> fails) {
  const std::lock_guard lock(mutex_);
  fails_ = std::move(fails);
}

void Destination::hang_next(int count) {
  const std::lock_guard lock(mutex_);
  hangs_ += count;
}

void Destination::release() {
  const std::lock_guard lock(mutex_);
  hanging_.clear();
}

std::vector<http::Request> Destination::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, kPatience, [&] { return taken_.size() >= count; });
  return taken_;
}

std::size_t Destination::attempts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

void Destination::serve(http::Exchange exchange) {
  std::unique_lock lock(mutex_);
  ++attempts_;
  if (hangs_ > 0 && !over_) {
    --hangs_;
    hanging_.push_back(std::move(exchange));
    return;
  }
  if (!answers_.empty()) {
    http::Response answer = std::move(answers_.front());
    answers_.pop_front();
    lock.unlock();
    exchange.answer(std::move(answer));
    return;
  }
  if (fails_ && fails_()) {
    lock.unlock();
    exchange.answer(http::error_response(503, "at random"));
    return;
  }
  taken_.push_back(exchange.request());
  lock.unlock();
  exchange.answer(service_(exchange.request()));
  came_.notify_all();
}

}  // namespace monitor::tests
