// Counts by a label whose values strangers choose, kept from growing without end: so many of them
// are told apart, in the order of their coming, and the rest is counted as "other". What was told
// apart once stays so: no count ever goes back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace monitor::metrics {

inline constexpr std::string_view kOther = "other";

// One thread.
class BoundedLabels {
 public:
  explicit BoundedLabels(std::size_t most) : most_(most) {}
  // `value`, or "other". `certain`: there is a bounded number of such values anyhow, so it is told
  // apart whatever strangers have made up.
  std::string of(std::string_view value, bool certain = false);

 private:
  const std::size_t most_;
  std::size_t strange_ = 0;  // of labels_, those that were not certain
  std::set<std::string, std::less<>> labels_;
};

// Any thread.
class LabelledCounter {
 public:
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;

  explicit LabelledCounter(std::size_t most) : labels_(most) {}
  void add(std::string_view value, bool certain);
  Counts read() const;

 private:
  mutable std::mutex mutex_;
  BoundedLabels labels_;
  Counts counts_;
};

}  // namespace monitor::metrics
