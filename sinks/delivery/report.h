// How a sink fares, for whoever asks: STATUS= of systemd, and a file for Prometheus' textfile
// collector (--metrics-file), replaced whole, at most every ten seconds and at the end. One thread.
#pragma once

#include <chrono>
#include <string>

#include "lib/feed/subscriber.h"
#include "sinks/delivery/ledger.h"

namespace monitor::delivery {

// Why a delivery is not made now, when that is so: a try failed, or something is kept to (--rate).
struct Holdup {
  std::string why = {};
  bool failing = false;
};

class Report {
 public:
  // `sink`: what the samples are labelled with. An empty path: no file.
  Report(std::string sink, std::string metrics_file)
      : sink_(std::move(sink)), metrics_file_(std::move(metrics_file)) {}

  void tell(const feed::Subscriber::Progress& progress, const Totals& totals, std::uint64_t waiting,
            const Holdup& holdup);
  void write_metrics(const feed::Subscriber::Progress& progress, const Totals& totals,
                     std::uint64_t waiting);

 private:
  using Clock = std::chrono::steady_clock;

  std::string sink_;
  std::string metrics_file_;
  std::string status_;
  bool failing_ = false;
  bool file_failed_ = false;
  Clock::time_point write_at_{};
};

}  // namespace monitor::delivery
