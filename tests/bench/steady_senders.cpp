// Webhooks at a steady rate, for scripts/bench-store: bench-steady-senders URL RATE posts RATE
// incidents a second, each one new, until stdin closes; then says how many were answered 200.
#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <string>

#include "tests/support/senders.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kThreads = 8;
constexpr std::size_t kPadding = 1300;  // makes a body of about 1.7 KB
constexpr auto kStep = 20ms;

bool stdin_closes_within(std::chrono::milliseconds time) {
  pollfd in{0, POLLIN, 0};
  return ::poll(&in, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench-steady-senders URL RATE\n");
    return 64;
  }
  try {
    monitor::tests::Senders senders(argv[1], kThreads, kPadding);
    const double rate = std::stod(argv[2]);
    std::size_t allowed = 0;
    for (const auto begin = Clock::now(); !stdin_closes_within(kStep);) {
      const std::chrono::duration<double> passed = Clock::now() - begin;
      const auto due = static_cast<std::size_t>(rate * passed.count());
      senders.allow(due - allowed);
      allowed = due;
    }
    senders.stop();
    fmt::print("SENT {} {}\n", senders.accepted_count(), allowed);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench-steady-senders: fatal: {}\n", error.what());
    return 1;
  }
}
