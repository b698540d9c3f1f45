// Counts how often something took how long, in fixed buckets, as Prometheus wants a histogram. Any
// thread may observe and read at any time; nothing is locked.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

namespace monitor::metrics {

class Histogram {
 public:
  // `bounds`: upper limits of the buckets in seconds, inclusive, ascending; one more without a
  // limit follows by itself.
  Histogram(std::initializer_list<double> bounds);

  // Less than nothing (a clock that was set back) counts as nothing.
  void observe(std::chrono::nanoseconds time);

  struct Reading {
    std::vector<double> bounds;          // seconds
    std::vector<std::uint64_t> at_most;  // one more than bounds: how many took no longer, then all
    double sum = 0;                      // seconds
  };
  Reading read() const;

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // one a bucket, not cumulative
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace monitor::metrics
