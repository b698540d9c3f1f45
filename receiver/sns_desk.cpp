#include "receiver/sns_desk.h"

#include <algorithm>
#include <utility>

namespace monitor::receiver {
namespace {

// SNS tries again after 20 seconds, three times; a fetch takes five at most. A message has 256 KiB
// at most; together they may hold a quarter of what the server keeps of bodies (max_bodies).
constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kMostBytes = 4 << 20;

}  // namespace

SnsDesk::SnsDesk(http::Fetcher& fetcher, Decide decide)
    : verifier_(fetcher), decide_(std::move(decide)) {
  thread_ = std::thread([this] { work(); });
}

bool SnsDesk::push(Case& one) {
  const std::lock_guard lock(mutex_);
  const std::size_t size = one.event.body.size();
  if (!open_ || waiting_.size() >= kMostWaiting || size > kMostBytes - bytes_) {
    return false;
  }
  bytes_ += size;
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
    Case one = take_next();
    const std::size_t size = one.event.body.size();
    lock.unlock();
    const SnsVerdict verdict = judge(one.envelope);
    decide_(std::move(one), verdict);
    lock.lock();
    bytes_ -= size;
  }
}

// The first whose certificate is at hand, else the first.
SnsDesk::Case SnsDesk::take_next() {
  const auto ready = std::find_if(waiting_.begin(), waiting_.end(), [this](const Case& one) {
    return verifier_.knows(one.envelope.certificate_url);
  });
  const auto next = ready == waiting_.end() ? waiting_.begin() : ready;
  Case one{std::move(next->event), std::move(next->exchange), std::move(next->envelope)};
  waiting_.erase(next);
  return one;
}

SnsVerdict SnsDesk::judge(const SnsEnvelope& envelope) {
  const SnsVerdict verdict = verifier_.verify(envelope, system::now());
  const bool asks = envelope.type == SnsEnvelope::Type::subscription_confirmation;
  return verdict.kind == SnsVerdict::Kind::good && asks ? verifier_.confirm(envelope, system::now())
                                                        : verdict;
}

}  // namespace monitor::receiver
