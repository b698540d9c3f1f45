// Counts how often something took how long, or was how large, in fixed buckets, as Prometheus wants
// a histogram. Any thread may observe and read at any time; nothing is locked.
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

 protected:
  void add(double value);

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // one a bucket, not cumulative
  std::atomic<double> sum_{0};
};

// The same for plain numbers, such as the events in a batch: bounds and sum are numbers too.
class SizeHistogram : private Histogram {
 public:
  using Histogram::Histogram;
  using Histogram::read;
  using Histogram::Reading;
  void observe(std::uint64_t size) { add(static_cast<double>(size)); }
};

}  // namespace monitor::metrics
