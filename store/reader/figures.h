// The store's totals, as /health and /metrics tell them. The archive counts as it writes, so that
// reading them costs as much as there are providers, however many incidents are kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/storage/database.h"
#include "lib/system/clock.h"

namespace monitor::store {

struct ProviderRecord {
  std::string name;
  system::Time last_heard_at{};
  std::int64_t unrecognised = 0;
};

struct Tally {
  std::string provider;
  std::string kind;
  std::int64_t incidents = 0;
  std::int64_t open = 0;
  std::int64_t updates = 0;
};

// The totals, all of one moment.
struct Figures {
  std::vector<Tally> tallies;
  std::map<std::string, ProviderRecord> providers;  // by slug
  std::map<std::string, std::uint64_t> streams;     // last seq that was applied
  std::int64_t lost = 0;
  std::int64_t unsearched =
      0;  // incidents whose newest text can't be searched yet, see search_index.h
  std::uint64_t database_bytes = 0;  // on disk, with its write-ahead log

  // A component is told of besides its incident (see links.h), so it is counted by itself.
  std::int64_t incidents() const;  // and maintenances
  std::int64_t components() const;
  std::int64_t updates() const;
  std::int64_t unrecognised() const;
};

// Inside a transaction of the caller's, so that they belong together.
Figures read_figures(const storage::Database& database);

}  // namespace monitor::store
