// The last 90 days of a provider, each with the worst that was told of it: from the incidents and
// maintenances that lasted into it (by their impact) and from what its components told of
// themselves. Days are those of UTC.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "lib/status/update.h"
#include "lib/storage/database.h"
#include "lib/system/clock.h"
#include "store/reader/records.h"

namespace monitor::store {

inline constexpr int kHistoryDays = 90;

class Strip {
 public:
  // Ends with the day of `now`.
  explicit Strip(system::Time now);

  // It was so from `begin` to `end`, or is still.
  void mark(system::Time begin, std::optional<system::Time> end, status::State state);
  system::Time begin() const { return std::chrono::sys_days(first_); }
  // Those on which something was wrong, oldest first.
  std::vector<DayRecord> days() const;

 private:
  system::Time now_;
  std::chrono::sys_days first_;
  std::array<status::State, kHistoryDays> worst_;
};

// Inside the reader's snapshot.
class History {
 public:
  explicit History(const storage::Database& database);
  std::vector<DayRecord> of(std::string_view provider, system::Time now);

 private:
  void mark_incidents(Strip& strip, std::string_view provider);
  void mark_components(Strip& strip, std::string_view provider);

  storage::Statement incidents_;
  storage::Statement components_;
};

}  // namespace monitor::store
