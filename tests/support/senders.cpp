#include "tests/support/senders.h"

#include <fmt/format.h>

#include <utility>

#include "tests/support/bodies.h"
#include "tests/support/http_client.h"

namespace monitor::tests {

Senders::Senders(std::string url, int threads, std::size_t padding)
    : url_(std::move(url)), padding_(padding) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { send(); });
  }
}

Senders::~Senders() { stop(); }

void Senders::allow(std::size_t count) {
  const std::lock_guard lock(mutex_);
  allowed_ += count;
  changed_.notify_all();
}

bool Senders::wait_for_accepted(std::size_t count, Deadline deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline.end(), [&] { return accepted_.size() >= count; });
}

void Senders::stand_still() {
  std::unique_lock lock(mutex_);
  allowed_ = 0;
  changed_.wait(lock, [this] { return under_way_ == 0; });
  allowed_ = accepted_.size();
}

void Senders::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

std::size_t Senders::accepted_count() const {
  const std::lock_guard lock(mutex_);
  return accepted_.size();
}

std::set<std::string> Senders::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::vector<int> Senders::other_answers() const {
  const std::lock_guard lock(mutex_);
  return other_answers_;
}

bool Senders::take_turn() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopped_ || accepted_.size() + under_way_ < allowed_; });
  under_way_ += stopped_ ? 0 : 1;
  return !stopped_;
}

void Senders::send() {
  HttpClient client;
  while (take_turn()) {
    const std::string id = fmt::format("i{:07}", ++next_id_);
    const HttpAnswer answer = client.post(url_, incident_body(id, "message of " + id, padding_));
    if (answer.status == 0) {
      // Refused: the receiver is down. Don't take its processor time while it starts.
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::lock_guard lock(mutex_);
    --under_way_;
    if (answer.status == 200) {
      accepted_.insert(id);
    } else if (answer.status != 0) {
      other_answers_.push_back(answer.status);
    }
    changed_.notify_all();
  }
}

}  // namespace monitor::tests
