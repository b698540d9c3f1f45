#include "formatter/line_splitter.h"

namespace monitor::formatter {

std::optional<Line> LineSplitter::next() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n', read_);
    if (newline == std::string::npos) {
      break;
    }
    const std::string_view text = std::string_view(buffer_).substr(read_, newline - read_);
    read_ = newline + 1;
    if (!skipping_) {
      return line_of(text);
    }
    skipping_ = false;
  }
  forget_what_was_read();
  if (skipping_ || buffer_.size() <= longest_) {
    return std::nullopt;
  }
  skipping_ = true;
  return line_of(buffer_);
}

std::optional<Line> LineSplitter::last() {
  if (skipping_ || read_ == buffer_.size()) {
    return std::nullopt;
  }
  const std::string_view text = std::string_view(buffer_).substr(read_);
  read_ = buffer_.size();
  return line_of(text);
}

Line LineSplitter::line_of(std::string_view text) {
  const bool too_long = text.size() > longest_;
  return {++number_, too_long ? std::string_view() : text, too_long};
}

void LineSplitter::forget_what_was_read() {
  buffer_.erase(0, skipping_ ? std::string::npos : read_);
  read_ = 0;
}

}  // namespace monitor::formatter
