// Replay of all that a journal holds, for scripts/bench: bench-replay FEED REPLAY JOURNAL COUNT
// reads the same rows from the file JOURNAL with SQLite alone, and then lets COUNT subscribers at
// once, a thread each, fetch them from the receiver. Prints "ROWS rows/s" and "REPLAY events/s of
// each subscriber, events/s of all".
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "lib/feed/subscriber.h"
#include "lib/storage/database.h"
#include "lib/system/error.h"

namespace {

using namespace monitor;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// How many rows there are; every column of each is touched.
std::uint64_t read_rows(const std::string& journal) {
  const auto database = storage::Database::open(journal, storage::Database::Mode::read_only);
  storage::Statement rows = database.prepare(
      "SELECT seq, received_at, format, provider, provider_name, test, body FROM events "
      "ORDER BY seq");
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  while (rows.step()) {
    ++count;
    bytes += rows.text(2).size() + rows.text(3).size() + rows.text(4).size() + rows.text(6).size() +
             static_cast<std::uint64_t>(rows.integer(1) & 1);
  }
  return bytes == 0 ? 0 : count;
}

void fetch(const feed::Source& source, std::uint64_t count) {
  feed::Subscriber subscriber({.sources = {source}, .cursors = {}, .begin = feed::Begin::start});
  for (std::uint64_t taken = 0; taken < count;) {
    taken += subscriber.next(1s, {}) ? 1 : 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: bench-replay FEED REPLAY JOURNAL SUBSCRIBERS\n");
    return system::kExitUsage;
  }
  try {
    auto begin = Clock::now();
    const std::uint64_t rows = read_rows(argv[3]);
    fmt::print("ROWS {:.0f}\n", static_cast<double>(rows) / seconds_since(begin));
    const std::size_t subscribers = std::stoul(argv[4]);
    std::vector<std::thread> threads;  // joined below; each has a Subscriber of its own
    begin = Clock::now();
    for (std::size_t i = 0; i < subscribers; ++i) {
      threads.emplace_back([&] { fetch({.feed = argv[1], .replay = argv[2]}, rows); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    const double each = static_cast<double>(rows) / seconds_since(begin);
    fmt::print("REPLAY {:.0f} {:.0f}\n", each, each * static_cast<double>(subscribers));
    return 0;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
