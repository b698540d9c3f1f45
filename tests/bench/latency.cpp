// From POST to printed line: starts receiver, store and formatter in a temporary directory, posts
// one incident after the other and takes the time until the formatter's line for it has come out of
// its pipe. Then a burst of posts for every part to carry, and what memory each needs after it.
// Prints "LATENCY median p99" (milliseconds) and "RSS program KiB" lines for scripts/bench.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace {

using namespace monitor::tests;

constexpr int kPosts = 400;
constexpr std::chrono::milliseconds kBetween{5};
constexpr std::size_t kBurst = 20'000;
constexpr std::size_t kPadding = 1300;  // makes a body of about 1.7 KB

double percentile(std::vector<double>& values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

void measure_latency(Pipeline& pipeline) {
  std::vector<double> times;
  times.reserve(kPosts);
  for (int i = 0; i < kPosts; ++i) {
    const std::string id = fmt::format("latency-{}", i);
    const std::size_t printed = pipeline.formatter->line_count(Stream::out);
    const auto before = Clock::now();
    if (pipeline.post(incident_body(id, id, kPadding)).status != 200) {
      throw std::runtime_error("a post was not answered 200");
    }
    pipeline.formatter->wait_for_line(Stream::out, "Status: " + id + "$", printed);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - before).count());
    std::this_thread::sleep_until(before + kBetween);
  }
  fmt::print("LATENCY {:.2f} {:.2f}\n", percentile(times, 0.5), percentile(times, 0.99));
}

void measure_memory(Pipeline& pipeline) {
  auto sink = pipeline.start("status-sink-file", {"--path", pipeline.path("sink.jsonl")});
  Senders senders(pipeline.webhook_url(), 16, kPadding);
  senders.allow(kBurst);
  const Deadline deadline(std::chrono::seconds(120));
  senders.wait_for_accepted(kBurst, deadline);
  pipeline.formatter->wait_for_lines(Stream::out, 2 * (kBurst + kPosts), deadline);
  ask_until([&] { return lines_of_file(pipeline.path("sink.jsonl")).size() >= kBurst; }, deadline);
  ask_until(
      [&] {
        const Json health(pipeline.client.get(pipeline.store_url("/health")).body);
        return health["total_updates"].integer() >= static_cast<std::int64_t>(kBurst + kPosts);
      },
      deadline);
  for (const Process* process :
       {pipeline.receiver.get(), pipeline.store.get(), pipeline.formatter.get(), sink.get()}) {
    fmt::print("RSS {} {}\n", process->name(), process->resident_kib());
  }
}

}  // namespace

int main() {
  try {
    Pipeline pipeline;
    pipeline.start_all();
    measure_latency(pipeline);
    measure_memory(pipeline);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench-latency: fatal: {}\n", error.what());
    return 1;
  }
}
