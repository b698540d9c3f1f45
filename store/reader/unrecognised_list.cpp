#include "store/reader/unrecognised_list.h"

#include <limits>

#include "store/columns.h"

namespace monitor::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT u.id, u.provider, coalesce(p.name, u.provider), u.format, u.shape, u.count, "
    "u.first_stream, u.first_seq, u.first_at, u.last_stream, u.last_seq, u.last_at, u.sample "
    "FROM unrecognised u LEFT JOIN providers p ON p.slug = u.provider "
    "WHERE u.rest = 0 AND (?1 = '' OR u.provider = ?1) AND (u.last_at, u.id) < (?2, ?3) "
    "ORDER BY u.last_at DESC, u.id DESC LIMIT ?4";

constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
constexpr Position kBeginning{kLatest, kLatest};

Place place_at(const storage::Statement& row, int column) {
  return {text_at(row, column), static_cast<std::uint64_t>(row.integer(column + 1)),
          system::from_microseconds(row.integer(column + 2))};
}

UnrecognisedRecord record_at(const storage::Statement& row) {
  return {.row = row.integer(0),
          .provider = text_at(row, 1),
          .provider_name = text_at(row, 2),
          .format = text_at(row, 3),
          .shape = text_at(row, 4),
          .count = row.integer(5),
          .first = place_at(row, 6),
          .last = place_at(row, 9),
          .sample = text_at(row, 12)};
}

}  // namespace

UnrecognisedPage read_unrecognised(const storage::Database& database,
                                   const UnrecognisedQuery& query) {
  const Position after = query.after.value_or(kBeginning);
  storage::Statement row = database.prepare(kSelect);
  row.bind(1, query.provider).bind(2, after.at).bind(3, after.row);
  row.bind(4, std::int64_t{query.limit} + 1);  // one more tells whether there is a next page
  UnrecognisedPage page;
  while (row.step()) {
    page.shapes.push_back(record_at(row));
  }
  if (page.shapes.size() > static_cast<std::size_t>(query.limit)) {
    page.shapes.pop_back();
    const UnrecognisedRecord& last = page.shapes.back();
    page.next = Position{system::to_microseconds(last.last.received_at), last.row};
  }
  return page;
}

}  // namespace monitor::store
