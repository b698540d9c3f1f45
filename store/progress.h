// How far a long piece of work is, for whoever waits for it: on a terminal a bar that is drawn anew
// in its line, elsewhere a line now and then.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace monitor::store {

// "[######----]  60 %  600,000 of 1,000,000 events, 21,300/s, 19 s left"
std::string progress_text(std::uint64_t done, std::uint64_t total, std::chrono::milliseconds taken);

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  Progress();
  // Ends the bar's line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `left` may grow while it lasts.
  void tell(std::uint64_t done, std::uint64_t left);

 private:
  const bool terminal_;
  const Clock::time_point began_;
  Clock::time_point next_;
  bool drawn_ = false;
};

}  // namespace monitor::store
