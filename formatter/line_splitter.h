// Cuts a stream of bytes into lines, with a bound on what it keeps: a line that is too long is told
// as such and its bytes are dropped up to its end. Lines count from 1. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace monitor::formatter {

struct Line {
  std::uint64_t number = 0;
  std::string_view text;  // without its newline; empty when too_long. Valid until the next call
  bool too_long = false;
};

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  void add(std::string_view bytes) { buffer_ += bytes; }
  // The next line, or nothing until more is added. Take all before adding again: that bounds the
  // memory.
  std::optional<Line> next();
  // At the end of the input, after next() had nothing: what stands there without a newline.
  std::optional<Line> last();

 private:
  Line line_of(std::string_view text);
  void forget_what_was_read();

  std::size_t longest_;
  std::string buffer_;
  std::size_t read_ = 0;  // bytes of buffer_ that were handed out
  std::uint64_t number_ = 0;
  bool skipping_ = false;  // inside a line that was told as too long
};

}  // namespace monitor::formatter
