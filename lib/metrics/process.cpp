#include "lib/metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "lib/system/version.h"

namespace monitor::metrics {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::optional<double> cpu_seconds() {
  rusage usage{};
  return ::getrusage(RUSAGE_SELF, &usage) == 0
             ? std::optional(seconds(usage.ru_utime) + seconds(usage.ru_stime))
             : std::nullopt;
}

std::optional<std::int64_t> open_fds() {
  std::error_code error;
  const std::filesystem::directory_iterator fds("/proc/self/fd", error);
  if (error) {
    return std::nullopt;
  }
  return std::distance(begin(fds), end(fds)) - 1;  // without the one that reads the directory
}

std::optional<std::uint64_t> max_fds() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::optional(std::uint64_t{limit.rlim_cur})
                                                 : std::nullopt;
}

std::optional<ProcessStat> read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  return std::getline(file, line) ? parse_process_stat(line) : std::nullopt;
}

// Worked out once: a clock that is set later must not look like another start.
double start_time(const ProcessStat& stat) {
  static const double booted_at = seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME);
  return booted_at + stat.started_after_boot;
}

void write_stat(Exposition& out, const ProcessStat& stat) {
  out.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
      .sample(stat.resident_bytes);
  out.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")
      .sample(stat.virtual_bytes);
  out.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
      .sample(start_time(stat));
  out.gauge("process_threads", "Number of OS threads in the process.").sample(stat.threads);
}

}  // namespace

// proc(5), "/proc/pid/stat": the second field is the program's name in parentheses, and may hold
// any of what separates the others.
std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  constexpr std::size_t kThreads = 20 - 3;  // counted from the third field on
  constexpr std::size_t kStartTime = 22 - 3;
  constexpr std::size_t kVirtualBytes = 23 - 3;
  constexpr std::size_t kResidentPages = 24 - 3;
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  std::istringstream rest{std::string(line.substr(name_end + 1))};
  char state = 0;
  rest >> state;
  std::vector<std::int64_t> fields{state};  // some are negative
  for (std::int64_t field = 0; fields.size() <= kResidentPages && rest >> field;) {
    fields.push_back(field);
  }
  if (fields.size() <= kResidentPages) {
    return std::nullopt;
  }
  const auto field = [&fields](std::size_t at) { return static_cast<std::uint64_t>(fields[at]); };
  return ProcessStat{.threads = field(kThreads),
                     .started_after_boot = static_cast<double>(fields[kStartTime]) /
                                           static_cast<double>(::sysconf(_SC_CLK_TCK)),
                     .virtual_bytes = field(kVirtualBytes),
                     .resident_bytes = field(kResidentPages) *
                                       static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

void write_process(Exposition& out) {
  if (const auto used = cpu_seconds()) {
    out.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
        .sample(*used);
  }
  if (const auto stat = read_stat()) {
    write_stat(out, *stat);
  }
  if (const auto open = open_fds()) {
    out.gauge("process_open_fds", "Number of open file descriptors.").sample(*open);
  }
  if (const auto most = max_fds()) {
    out.gauge("process_max_fds", "Maximum number of open file descriptors.").sample(*most);
  }
}

void write_build_info(Exposition& out, std::string_view name) {
  out.gauge(name, "Always 1; the label is the program's version.")
      .sample(1, {{"version", system::kVersion}});
}

}  // namespace monitor::metrics
