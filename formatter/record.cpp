#include "formatter/record.h"

#include <fmt/format.h>

#include <utility>

#include "lib/system/log.h"

namespace monitor::formatter {
namespace {

// A disk that was full is tried again so soon.
constexpr std::chrono::seconds kRetry{1};

}  // namespace

Record::Record(storage::Database database)
    : database_(std::move(database)), cursors_(database_), seen_(database_) {}

void Record::finished(const std::string& stream, std::uint64_t seq) {
  places_[stream] = seq;
  if (++events_ >= kEventsPerCommit) {
    commit();
  }
}

bool Record::wants_commit() const {
  return (!keys_.empty() || !places_.empty()) && Clock::now() >= retry_at_;
}

void Record::commit() {
  if (!wants_commit()) {
    return;
  }
  try {
    commit_at_once();
  } catch (const storage::Error& error) {
    if (error.means_damage() || keys_.size() > kMostUnsaved) {
      throw;
    }
    retry_at_ = Clock::now() + kRetry;
    if (!std::exchange(failing_, true)) {
      system::log_error(fmt::format(
          "cannot save the place that was reached: {}; it is tried again until it works",
          error.what()));
    }
    return;
  }
  if (std::exchange(failing_, false)) {
    system::log_info("the place that was reached is saved again");
  }
}

void Record::commit_at_once() {
  if (keys_.empty() && places_.empty()) {
    return;
  }
  storage::Transaction transaction(database_);
  for (const std::string& key : keys_) {
    seen_.add(key);
  }
  for (const auto& [stream, seq] : places_) {
    cursors_.save(stream, seq);
  }
  transaction.commit();
  keys_.clear();
  places_.clear();
  events_ = 0;
}

}  // namespace monitor::formatter
