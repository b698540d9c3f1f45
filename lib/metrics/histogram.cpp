#include "lib/metrics/histogram.h"

#include <algorithm>

namespace monitor::metrics {

Histogram::Histogram(std::initializer_list<double> bounds)
    : bounds_(bounds), counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds.size() + 1)) {}

void Histogram::observe(std::chrono::nanoseconds time) {
  const auto taken = std::max(time, std::chrono::nanoseconds::zero());
  add(std::chrono::duration<double>(taken).count(), static_cast<std::uint64_t>(taken.count()));
}

void Histogram::add(double value, std::uint64_t parts) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(parts, std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const { return read(1e9); }

Histogram::Reading Histogram::read(double of_one) const {
  Reading reading{.bounds = bounds_, .at_most = {}, .sum = 0};
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) {
    count += counts_[bucket].load(std::memory_order_relaxed);
    reading.at_most.push_back(count);
  }
  reading.sum = static_cast<double>(sum_.load(std::memory_order_relaxed)) / of_one;
  return reading;
}

}  // namespace monitor::metrics
