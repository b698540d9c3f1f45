#include "lib/metrics/histogram.h"

#include <algorithm>

namespace monitor::metrics {

Histogram::Histogram(std::initializer_list<double> bounds)
    : bounds_(bounds), counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds.size() + 1)) {}

void Histogram::observe(std::chrono::nanoseconds time) {
  const auto taken = std::max(time, std::chrono::nanoseconds::zero());
  const double seconds = std::chrono::duration<double>(taken).count();
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), seconds) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<std::uint64_t>(taken.count()), std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
  Reading reading{.bounds = bounds_, .at_most = {}, .sum = 0};
  std::uint64_t sum = 0;
  for (std::size_t bucket = 0; bucket <= bounds_.size(); ++bucket) {
    sum += counts_[bucket].load(std::memory_order_relaxed);
    reading.at_most.push_back(sum);
  }
  reading.sum = static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9;
  return reading;
}

}  // namespace monitor::metrics
