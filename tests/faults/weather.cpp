#include "tests/faults/weather.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "tests/faults/laboratory.h"
#include "tests/support/bodies.h"

namespace monitor::tests {
namespace {

// What is left for everything else that the test program opens.
constexpr std::size_t kOtherDescriptors = 200;
// Elsewhere other work may take any time; only that somebody waits for the fault to end shows.
constexpr Milliseconds kStalled{10'000};
constexpr Milliseconds kOwnMachine{50};

template <typename Ask>
Milliseconds p99_of(int count, Ask ask) {
  std::vector<Milliseconds> times;
  for (int i = 0; i < count; ++i) {
    const auto began = Clock::now();
    const int status = ask(i);
    times.emplace_back(Clock::now() - began);
    BOOST_REQUIRE_MESSAGE(status == 200, fmt::format("the answer was {}", status));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() * 99 / 100];
}

}  // namespace

Milliseconds p99_of_posts(Pipeline& pipeline, int count) {
  static int posted = 0;
  return p99_of(count, [&](int) {
    return pipeline.post(incident_body(fmt::format("w{}", ++posted))).status;
  });
}

Milliseconds p99_of_questions(Pipeline& pipeline, int count) {
  return p99_of(count,
                [&](int) { return pipeline.client.get(pipeline.store_url("/incidents")).status; });
}

void check_unharmed(Milliseconds before, Milliseconds meanwhile) {
  const bool soaking = rounds(1) > 1;
  BOOST_TEST_MESSAGE(
      fmt::format("p99 {:.1f} ms before, {:.1f} ms meanwhile", before.count(), meanwhile.count()));
  const Milliseconds bound = soaking ? kOwnMachine : kStalled;
  BOOST_TEST(meanwhile.count() < bound.count());
}

std::chrono::milliseconds processor_time(const Process& process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process.pid()));
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  // After the name, which may hold anything, comes field 3; proc(5): 14 is utime, 15 stime.
  std::istringstream fields(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
  std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
  BOOST_REQUIRE(words.size() > 12);
  return std::chrono::milliseconds((std::stol(words[11]) + std::stol(words[12])) * 1000 /
                                   ::sysconf(_SC_CLK_TCK));
}

std::size_t descriptors(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t room = static_cast<std::size_t>(limit.rlim_cur) - kOtherDescriptors;
  if (room < wanted) {
    BOOST_TEST_MESSAGE(
        fmt::format("only {} connections of {}: the limit of open files (ulimit -Hn)"
                    " is {}",
                    room, wanted, limit.rlim_cur));
  }
  return std::min(room, wanted);
}

bool memory_counts() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return true;
#endif
}

}  // namespace monitor::tests
