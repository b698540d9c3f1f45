// Things that are due at a steady rate, each with a number, and when each of them arrived where one
// looks for it. Any thread marks. See latency.cpp.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace monitor::bench {

class Arrivals {
 public:
  using Clock = std::chrono::steady_clock;

  Arrivals(double rate, std::size_t count);
  // When number 0 is due. Before anything is marked.
  void begin_at(Clock::time_point begin) { begin_ = begin; }

  std::size_t size() const { return times_.size(); }
  Clock::time_point due(std::size_t number) const;

  // The first mark of a number counts.
  void mark(std::size_t number);
  // Marks every number of which "n-NUMBER." is in `text`.
  void mark_all_in(std::string_view text);
  static std::string id_of(std::size_t number);  // "n-NUMBER."

  bool complete() const { return missing_ == 0; }
  std::size_t missing() const { return missing_; }
  // Milliseconds from due to arrival, of all that arrived.
  std::vector<double> delays() const;

 private:
  Clock::time_point begin_;
  std::chrono::duration<double> gap_;
  std::vector<std::atomic<Clock::rep>> times_;  // 0: not yet
  std::atomic<std::size_t> missing_;
};

// Marks what it is told in pieces, wherever a piece ends.
class ArrivalsReader {
 public:
  explicit ArrivalsReader(Arrivals& arrivals) : arrivals_(arrivals) {}
  void take(std::string_view piece);

 private:
  Arrivals& arrivals_;
  std::string end_;  // of what came, where an id may have begun
};

}  // namespace monitor::bench
