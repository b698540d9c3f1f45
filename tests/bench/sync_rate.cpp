// What the disk allows to whoever syncs each webhook by itself: bench-sync-rate FILE BYTES SECONDS
// appends BYTES to FILE and calls fdatasync, again and again. Prints "RESULT syncs/s p50 p99"
// (milliseconds).
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "lib/system/error.h"
#include "lib/system/fd.h"
#include "tests/bench/percentile.h"

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

std::vector<double> sync_for(const std::string& path, const std::string& bytes, Seconds time) {
  const monitor::system::Fd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  std::vector<double> times;
  const auto begin = Clock::now();
  for (auto now = begin; now - begin < time;) {
    if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        ::fdatasync(file.get()) != 0) {
      monitor::system::fail_errno("append to " + path);
    }
    const auto then = std::exchange(now, Clock::now());
    times.push_back(std::chrono::duration<double, std::milli>(now - then).count());
  }
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: bench-sync-rate FILE BYTES SECONDS\n");
    return monitor::system::kExitUsage;
  }
  try {
    const Seconds time(std::stod(argv[3]));
    const std::vector<double> times =
        sync_for(argv[1], std::string(std::stoul(argv[2]), 'x'), time);
    using monitor::bench::percentile;
    fmt::print("RESULT {:.0f} {:.3f} {:.3f}\n", static_cast<double>(times.size()) / time.count(),
               percentile(times, 0.5), percentile(times, 0.99));
    return 0;
  } catch (const std::exception& error) {
    return monitor::system::report_fatal(error);
  }
}
