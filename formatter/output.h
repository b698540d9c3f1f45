// Where the lines go. Nothing is buffered: when write() says `whole`, the text is with the kernel.
// A reader that is stuck can't make the program deaf to signals, and one that leaves is no error:
// `status-formatter | head -1` ends quietly. Driven by the printer; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "formatter/stop.h"

namespace monitor::formatter {

enum class Written {
  whole,
  reader_left,  // nobody will ever read it: leave
  stopped,      // a signal came while the reader was stuck: leave
};

class Output {
 public:
  virtual ~Output() = default;
  // One update. Throws system::Failure for what is neither the reader's nor the operator's doing
  // (disk full).
  virtual Written write(std::string_view text) = 0;
};

// After the first signal a stuck reader gets this long to take the update that is being written.
inline constexpr std::chrono::milliseconds kFlushPatience{1000};

class DescriptorOutput : public Output {
 public:
  // `fd` stays the caller's. `stop` must outlive this.
  DescriptorOutput(int fd, Stop& stop, std::chrono::milliseconds patience = kFlushPatience);
  Written write(std::string_view text) override;

  int fd() const { return fd_; }

 private:
  Written wait_until_writable();

  int fd_;
  Stop& stop_;
  std::chrono::milliseconds patience_;  // with a stuck reader, after the first signal
  std::size_t
      chunk_;  // written at once without blocking when poll(2) says that the descriptor is writable
};

// Throws system::Failure when `fd` is not open: the next file opened would get its number, and the
// lines would go there.
void require_open(int fd);

// True when what poll(2) says of an output means that nobody reads it any more.
bool reader_left(short revents);

}  // namespace monitor::formatter
