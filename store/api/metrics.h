// What GET /metrics says. Trusts no provider's name: senders make them up, so that only so many are
// told apart. One thread, the HTTP server's.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "lib/http/server.h"
#include "lib/metrics/exposition.h"
#include "lib/metrics/labelled_counter.h"
#include "store/condition.h"
#include "store/reader/figures.h"

namespace monitor::store {

// More than the catalogue has; each is some lines of every scrape.
inline constexpr std::size_t kMostProviders = 500;

class Metrics {
 public:
  // `condition` must outlive it.
  explicit Metrics(const SharedCondition& condition) : condition_(condition) {}

  // Tells of its requests too; it must outlive the answers.
  void watch(const http::Server& server) { server_ = &server; }

  std::string text(const Figures& figures, system::Time now);

 private:
  std::vector<Tally> bounded_tallies(const Figures& figures);
  void write_tallies(metrics::Exposition& out, const Figures& figures);
  void write_providers(metrics::Exposition& out, const Figures& figures);
  void write_database(metrics::Exposition& out, const Figures& figures) const;
  void write_server(metrics::Exposition& out) const;

  const SharedCondition& condition_;
  const http::Server* server_ = nullptr;
  metrics::BoundedLabels providers_{kMostProviders};  // told apart so far
};

}  // namespace monitor::store
