#include "formatter/record.h"

#include <utility>

namespace monitor::formatter {

Record::Record(storage::Database database)
    : database_(std::move(database)), cursors_(database_), seen_(database_) {}

void Record::begin() {
  if (!open_) {
    open_.emplace(database_);
  }
}

void Record::printed(std::string_view key) {
  begin();
  seen_.add(key);
}

void Record::finished(std::string_view stream, std::uint64_t seq) {
  begin();
  cursors_.save(stream, seq);
  if (++events_ >= kEventsPerCommit) {
    commit();
  }
}

void Record::commit() {
  if (open_) {
    open_->commit();
    open_.reset();
    events_ = 0;
  }
}

}  // namespace monitor::formatter
