// GET /unrecognised: the rows of what nobody could read (see unrecognised_rows.h) as pages, newest
// first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/storage/database.h"
#include "lib/system/clock.h"
#include "store/reader/query.h"

namespace monitor::store {

struct Place {
  std::string stream;
  std::uint64_t seq = 0;
  system::Time received_at{};
};

struct UnrecognisedRecord {
  std::int64_t row = 0;
  std::string provider;
  std::string provider_name;
  std::string format;
  std::string shape;
  std::int64_t count = 0;
  Place first;
  Place last;
  std::string sample;  // JSON; empty: none is kept
};

struct UnrecognisedPage {
  std::vector<UnrecognisedRecord> shapes;
  std::optional<Position> next;  // nothing on the last page
};

UnrecognisedPage read_unrecognised(const storage::Database& database,
                                   const UnrecognisedQuery& query);

}  // namespace monitor::store
