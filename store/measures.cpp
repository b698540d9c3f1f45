#include "store/measures.h"

namespace monitor::store {

void Measures::observe(const Commit& commit) {
  commit_time.observe(commit.took);
  commit_events.observe(commit.arrivals.size());
  for (const Arrival& arrival : commit.arrivals) {
    if (arrival.received_at >= since_) {
      observe_delays(arrival, commit.applied_at);
    }
  }
}

void Measures::observe_delays(const Arrival& arrival, system::Time applied_at) {
  apply_delay.observe(applied_at - arrival.received_at);
  for (const status::StatusUpdate& update : arrival.reading.updates) {
    const auto delay = arrival.received_at - update.happened_at;
    if (update.happened_at_known && !update.test && delay <= kMostSenderDelay) {
      sender_delay.observe(delay);
    }
  }
}

}  // namespace monitor::store
