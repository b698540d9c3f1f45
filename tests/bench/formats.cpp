// What a body costs: normalising one (parsed, recognised, read into updates), and all that is done
// with 1 MiB of junk from its arrival on (scanned, its sender found out, normalised). Everything is
// posted to every format and to "auto"; of each kind of body the most expensive is measured.
// Google Benchmark measures, in processor time; the table is that of scripts/bench.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "lib/status/format.h"
#include "tests/bench/junk.h"
#include "tests/support/soundness.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::bench;

namespace {

constexpr double kMicrosecond = 1e-6;
constexpr double kMillisecond = 1e-3;
// What a body as senders write them is to cost at most, and what 1 MiB of junk.
constexpr double kWantedBody = 20 * kMicrosecond;
constexpr double kWantedJunk = 50 * kMillisecond;

struct Case {
  std::string row;
  std::string format;
  std::string body;
  bool arrives = false;  // all that is done with it, not only normalising
  double wanted = 0;     // seconds; 0: nothing is
  double seconds = 0;    // what it seemed to cost when the most expensive was looked for
};

void handle(const Case& one) {
  status::Origin origin;
  if (one.arrives) {
    auto arrived = tests::arrival(one.body, status::find_format(one.format), 1);
    origin = arrived ? *std::move(arrived) : origin;
  }
  benchmark::DoNotOptimize(status::read_updates(one.format, one.body, origin));
}

// The faster of two times: the first one may have to fetch memory.
double cost_of(const Case& one) {
  double least = 1e9;
  for (int i = 0; i < 2; ++i) {
    const std::clock_t before = std::clock();
    handle(one);
    least = std::min(least, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  return least;
}

// Keeps the more expensive.
void rival(Case& worst, Case other) {
  other.seconds = cost_of(other);
  if (worst.body.empty() || other.seconds > worst.seconds) {
    worst = std::move(other);
  }
}

std::vector<std::string> bodies_of(std::string_view format) {
  std::vector<std::string> bodies;
  const auto folder = tests::source_root() / "tests/data" / format;
  if (std::filesystem::exists(folder)) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() == ".json") {
        bodies.push_back(tests::read_file(file.path()));
      }
    }
  }
  return bodies;
}

void add_bodies(std::vector<Case>& cases) {
  cases.push_back({"normalising 1.7 KB of statuspage", "statuspage",
                   tests::read_file(tests::source_root() / "tests/bench/body.json"), false,
                   kWantedBody});
  for (const std::string& format : status::format_names()) {
    Case worst;
    for (const std::string& body : bodies_of(format)) {
      rival(worst, {fmt::format("normalising {:.1f} KB of {}",
                                static_cast<double>(body.size()) / 1000, format),
                    format, body});
    }
    if (!worst.body.empty()) {
      cases.push_back(std::move(worst));
    }
  }
}

void add_formless(std::vector<Case>& cases) {
  for (const Junk& junk : formless_junk()) {
    Case worst;
    for (const std::string& format : status::format_names()) {
      rival(worst, {fmt::format("1 MiB: {}, as {}", junk.kind, format), format, junk.body, true,
                    kWantedJunk});
    }
    cases.push_back(std::move(worst));
  }
}

// A format's own bodies, posted to that format and to "auto".
void add_grown(std::vector<Case>& cases) {
  for (const Growth& growth : growths()) {
    Case worst;
    for (const std::string& format : status::format_names()) {
      std::vector<std::string> seen;
      for (const std::string& body : bodies_of(format)) {
        grow_each(body, growth, seen, [&](const std::string& grown) {
          const std::string row = fmt::format("1 MiB: {}, {}", growth.kind, format);
          rival(worst, {row, format, grown, true, kWantedJunk});
          rival(worst,
                {row + " as auto", std::string(status::kAutoFormat), grown, true, kWantedJunk});
        });
      }
    }
    cases.push_back(std::move(worst));
  }
}

std::string in_words(double seconds) {
  return seconds < kMillisecond ? fmt::format("{:.1f} us", seconds / kMicrosecond)
                                : fmt::format("{:.1f} ms", seconds / kMillisecond);
}

void print_row(std::string_view what, std::string_view value, std::string_view wanted) {
  fmt::print("{:<52} {:>14}   {}\n", what, value, wanted);
}

// Google Benchmark tells it of every run; the medians become the table.
class Table : public benchmark::BenchmarkReporter {
 public:
  explicit Table(const std::vector<Case>& cases) : cases_(cases) {}

  bool ReportContext(const Context&) override {
    print_row("", "measured", "wanted");
    return true;
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.aggregate_name == "median") {
        const Case& one = case_of(run);
        print_row(one.row, in_words(run.GetAdjustedCPUTime()),
                  one.wanted > 0 ? fmt::format("< {:.0f} {}", wanted_figure(one), unit(one)) : "");
      }
    }
  }

 private:
  const Case& case_of(const Run& run) const {
    return *std::find_if(cases_.begin(), cases_.end(),
                         [&](const Case& one) { return run.run_name.function_name == one.row; });
  }
  static double wanted_figure(const Case& one) {
    return one.wanted / (one.wanted < kMillisecond ? kMicrosecond : kMillisecond);
  }
  static std::string_view unit(const Case& one) { return one.wanted < kMillisecond ? "us" : "ms"; }

  const std::vector<Case>& cases_;
};

void add_to_benchmark(const Case& one) {
  benchmark::RegisterBenchmark(one.row.c_str(),
                               [&one](benchmark::State& state) {
                                 for (auto _ : state) {
                                   handle(one);
                                 }
                               })
      ->Unit(benchmark::kSecond)
      ->MinTime(0.05)
      ->Repetitions(5);
}

}  // namespace

// Takes Google Benchmark's own options, of which --benchmark_filter=TEXT is of use.
int main(int argc, char** argv) {
  try {
    benchmark::Initialize(&argc, argv);
    std::vector<Case> cases;
    add_bodies(cases);
    add_formless(cases);
    add_grown(cases);
    for (const Case& one : cases) {
      add_to_benchmark(one);
    }
    Table table(cases);
    benchmark::RunSpecifiedBenchmarks(&table);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench-formats: fatal: {}\n", error.what());
    return 1;
  }
}
