#include "lib/feed/batch.h"

#include <algorithm>
#include <utility>

#include "lib/feed/netstring.h"

namespace monitor::feed {

std::optional<ReplayAnswer> Batch::open(zmq::message_t message) {
  message_ = std::move(message);  // before it is looked into: a short one lies inside the object
  texts_ = unpack_netstrings(message_.to_string_view()).value_or(std::vector<std::string_view>());
  next_ = 1;
  auto answer = texts_.empty() ? std::nullopt : decode_answer(texts_.front());
  if (!answer) {
    drop();
    return std::nullopt;
  }
  const std::size_t whole = (texts_.size() - 1) / 2;
  texts_.resize(1 + 2 * static_cast<std::size_t>(std::min<std::uint64_t>(answer->count, whole)));
  return answer;
}

std::optional<Event> Batch::next() {
  if (empty()) {
    return std::nullopt;
  }
  auto event = decode_header(texts_[next_]);
  if (event) {
    event->body = texts_[next_ + 1];
  }
  next_ += 2;
  if (empty()) {
    drop();
  }
  return event;
}

std::optional<Event> Batch::last() const {
  return empty() ? std::nullopt : decode_header(texts_[texts_.size() - 2]);
}

void Batch::drop() {
  texts_.clear();
  message_.rebuild();
}

}  // namespace monitor::feed
