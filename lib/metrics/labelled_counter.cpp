#include "lib/metrics/labelled_counter.h"

namespace monitor::metrics {

std::string BoundedLabels::of(std::string_view value, bool certain) {
  if (labels_.contains(value)) {
    return std::string(value);
  }
  if (!certain && strange_ >= most_) {
    return std::string(kOther);
  }
  strange_ += certain ? 0 : 1;
  return *labels_.emplace(value).first;
}

void LabelledCounter::add(std::string_view value, bool certain) {
  const std::lock_guard lock(mutex_);
  const auto known = counts_.find(value);
  if (known != counts_.end()) {
    ++known->second;
  } else {
    ++counts_[labels_.of(value, certain)];
  }
}

LabelledCounter::Counts LabelledCounter::read() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace monitor::metrics
