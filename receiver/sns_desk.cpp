#include "receiver/sns_desk.h"

#include <utility>

namespace monitor::receiver {
namespace {

// SNS tries again after 20 seconds, three times; a fetch takes five at most. Each may be 256 KiB.
constexpr std::size_t kMostWaiting = 64;

}  // namespace

bool SnsDesk::push(Case& one) {
  const std::lock_guard lock(mutex_);
  if (!open_ || waiting_.size() >= kMostWaiting) {
    return false;
  }
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { work(); });
  }
  waiting_.push_back(std::move(one));
  wake_.notify_one();
  return true;
}

void SnsDesk::close() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    wake_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
  for (Case& one : std::exchange(waiting_, {})) {
    decide_(std::move(one), {SnsVerdict::Kind::not_now, "the receiver is shutting down"});
  }
}

void SnsDesk::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return !open_ || !waiting_.empty(); });
    if (!open_) {
      return;
    }
    Case one = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const SnsVerdict verdict = judge(one.envelope);
    decide_(std::move(one), verdict);
    lock.lock();
  }
}

SnsVerdict SnsDesk::judge(const SnsEnvelope& envelope) {
  const SnsVerdict verdict = verifier_.verify(envelope, system::now());
  const bool asks = envelope.type == SnsEnvelope::Type::subscription_confirmation;
  return verdict.kind == SnsVerdict::Kind::good && asks ? verifier_.confirm(envelope) : verdict;
}

}  // namespace monitor::receiver
