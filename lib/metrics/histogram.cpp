#include "lib/metrics/histogram.h"

#include <algorithm>

namespace monitor::metrics {

Histogram::Histogram(std::initializer_list<double> bounds)
    : bounds_(bounds), counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds.size() + 1)) {}

void Histogram::observe(std::chrono::nanoseconds time) {
  add(std::chrono::duration<double>(std::max(time, std::chrono::nanoseconds::zero())).count());
}

void Histogram::add(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
  Reading reading{.bounds = bounds_, .at_most = {}, .sum = sum_.load(std::memory_order_relaxed)};
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) {
    count += counts_[bucket].load(std::memory_order_relaxed);
    reading.at_most.push_back(count);
  }
  return reading;
}

}  // namespace monitor::metrics
