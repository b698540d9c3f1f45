// What the store's loop measures of the events it applies. Observed by the loop's thread once they
// are committed, read by the HTTP server's; nothing is locked.
#pragma once

#include <chrono>
#include <span>

#include "lib/metrics/histogram.h"
#include "lib/system/clock.h"
#include "store/archive/arrival.h"

namespace monitor::store {

// An update that is older when it arrives was told late on purpose (an incident entered afterwards,
// or an old one edited), which says nothing of how prompt its sender is.
inline constexpr std::chrono::hours kMostSenderDelay{24};

// A transaction that worked.
struct Commit {
  std::span<const Arrival> arrivals;
  system::Time applied_at{};
  std::chrono::nanoseconds took{};
};

class Measures {
 public:
  // Delays count of events that arrived from `since` on, the store's start: what is caught up on
  // then would tell how long the store was stopped, not how quick it is.
  explicit Measures(system::Time since) : since_(since) {}

  void observe(const Commit& commit);

  // From the sender's time of an update to its arrival; bounds from a page that is prompt on.
  metrics::Histogram sender_delay{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21600, 86400};
  // From an event's arrival until its effect can be read.
  metrics::Histogram apply_delay{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                 0.5,   1,      2.5,   5,    10,    60,   300};
  metrics::Histogram commit_time{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                 0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  metrics::SizeHistogram commit_events{1, 2, 5, 10, 20, 50, 100, 200, 500};

 private:
  void observe_delays(const Arrival& arrival, system::Time applied_at);

  const system::Time since_;
};

}  // namespace monitor::store
