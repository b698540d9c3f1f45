// What the programs of scripts/bench say of a list of times.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace monitor::bench {

// The value that `part` (0 to 1) of them do not exceed; 0 of none.
inline double percentile(std::vector<double> values, double part) {
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace monitor::bench
