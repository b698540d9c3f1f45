// Each provider as it is now: the worst of its components and open incidents, and its history. Used
// by Reader, inside its snapshot, on the HTTP server's thread. A view costs some tenths of a
// millisecond, so whoever shows many keeps them until the provider's revision changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/storage/database.h"
#include "lib/system/clock.h"
#include "store/reader/history.h"
#include "store/reader/records.h"

namespace monitor::store {

// A page has dozens of components, a cloud some hundred; what a view holds is bounded all the same.
inline constexpr std::int64_t kMostComponents = 1000;
// Of one provider; who has more has none that is worth looking at by itself.
inline constexpr std::int64_t kMostOpen = 20;

class ProviderReader {
 public:
  explicit ProviderReader(const storage::Database& database);

  // Slugs of those that changed after `revision`, which becomes the newest one.
  std::vector<std::string> changed(std::int64_t& revision);
  std::optional<std::string> name(std::string_view slug);
  std::optional<ProviderView> view(std::string_view slug, system::Time now);

 private:
  std::vector<ComponentRecord> components_of(std::string_view slug);
  std::vector<IncidentRecord> open_of(std::string_view slug);
  std::int64_t count(storage::Statement& statement, std::string_view slug);

  History history_;
  storage::Statement changed_;
  storage::Statement provider_;
  storage::Statement components_;
  storage::Statement components_total_;
  storage::Statement open_;
  storage::Statement tallies_;
};

}  // namespace monitor::store
