// What a program tells of itself: what its process uses of the machine, under the names that
// Prometheus' own clients give them
// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), and its version.
// Asks the kernel when it is called; what the kernel does not tell is left out. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/metrics/exposition.h"

namespace monitor::metrics {

// What /proc/PID/stat holds.
struct ProcessStat {
  std::uint64_t threads = 0;
  double started_after_boot = 0;  // seconds
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_bytes = 0;
};
// Nothing when `line` is not of the form of proc(5).
std::optional<ProcessStat> parse_process_stat(std::string_view line);

void write_process(Exposition& out);
// A gauge that is always 1 and bears the version.
void write_build_info(Exposition& out, std::string_view name);

}  // namespace monitor::metrics
