#include "store/archive/unrecognised_rows.h"

namespace monitor::store {
namespace {

constexpr std::string_view kFind =
    "SELECT id FROM unrecognised WHERE provider = ?1 AND rest = ?2 AND format = ?3 AND shape = ?4";

constexpr std::string_view kInsert =
    "INSERT INTO unrecognised(provider, rest, format, shape) VALUES(?1, ?2, ?3, ?4) RETURNING id";

constexpr std::string_view kHasRoom =
    "SELECT (SELECT count(*) FROM unrecognised WHERE provider = ?1 AND rest = 0) < ?2 "
    "AND (SELECT count(*) FROM unrecognised WHERE rest = 0) < ?3";

constexpr std::string_view kAdvance =
    "INSERT INTO unrecognised_streams(shape, stream, first_seq, last_seq) VALUES(?1, ?2, ?3, ?3) "
    "ON CONFLICT(shape, stream) DO UPDATE SET last_seq = excluded.last_seq "
    "WHERE excluded.last_seq > last_seq";

// Of several streams the one that is behind may bring what is older than all that is known.
constexpr std::string_view kTellFirst =
    "UPDATE unrecognised SET first_stream = ?2, first_seq = ?3, first_at = ?4 "
    "WHERE id = ?1 AND first_at > ?4";
constexpr std::string_view kTellLast =
    "UPDATE unrecognised SET last_stream = ?2, last_seq = ?3, last_at = ?4, mapping = ?5, "
    "sample = CASE WHEN rest = 0 THEN ?6 END WHERE id = ?1 AND last_at <= ?4";

constexpr std::string_view kSetBack =
    "UPDATE unrecognised_streams SET first_seq = min(first_seq, ?2), last_seq = ?2 - 1 "
    "WHERE stream = ?1 AND last_seq >= ?2";

}  // namespace

UnrecognisedRows::UnrecognisedRows(storage::Database& database)
    : database_(database),
      find_(database.prepare(kFind)),
      insert_(database.prepare(kInsert)),
      has_room_(database.prepare(kHasRoom)),
      advance_(database.prepare(kAdvance)),
      count_(database.prepare("UPDATE unrecognised SET count = count + 1 WHERE id = ?1")),
      tell_first_(database.prepare(kTellFirst)),
      tell_last_(database.prepare(kTellLast)),
      set_back_(database.prepare(kSetBack)) {}

bool UnrecognisedRows::put(const Arrival& arrival) {
  const std::int64_t row = row_of(arrival);
  if (!advance(row, arrival)) {
    return false;
  }
  count_.bind(1, row).run();
  tell(row, arrival);
  return true;
}

void UnrecognisedRows::set_back(std::string_view stream, std::uint64_t seq) {
  set_back_.bind(1, stream).bind(2, static_cast<std::int64_t>(seq)).run();
}

std::int64_t UnrecognisedRows::row_of(const Arrival& arrival) {
  const Key own{arrival.provider, false, arrival.format, arrival.reading.shape};
  if (const auto row = find(own)) {
    return *row;
  }
  if (has_room(arrival.provider)) {
    return insert(own);
  }
  const Key rest{arrival.provider, true, "", ""};
  const auto row = find(rest);
  return row ? *row : insert(rest);
}

std::optional<std::int64_t> UnrecognisedRows::find(const Key& key) {
  find_.bind(1, key.provider).bind(2, std::int64_t{key.rest});
  return find_.bind(3, key.format).bind(4, key.shape).run_for_integer();
}

std::int64_t UnrecognisedRows::insert(const Key& key) {
  insert_.bind(1, key.provider).bind(2, std::int64_t{key.rest});
  return insert_.bind(3, key.format).bind(4, key.shape).run_for_integer().value();
}

bool UnrecognisedRows::has_room(std::string_view provider) {
  has_room_.bind(1, provider).bind(2, kMostShapesOfProvider).bind(3, kMostShapes);
  return has_room_.run_for_integer() != 0;
}

bool UnrecognisedRows::advance(std::int64_t row, const Arrival& arrival) {
  advance_.bind(1, row).bind(2, arrival.stream);
  advance_.bind(3, static_cast<std::int64_t>(arrival.seq)).run();
  return database_.changed_rows() > 0;
}

void UnrecognisedRows::tell(std::int64_t row, const Arrival& arrival) {
  const std::int64_t at = system::to_microseconds(arrival.received_at);
  for (storage::Statement* const statement : {&tell_first_, &tell_last_}) {
    statement->bind(1, row).bind(2, arrival.stream);
    statement->bind(3, static_cast<std::int64_t>(arrival.seq)).bind(4, at);
  }
  tell_first_.run();
  tell_last_.bind(5, arrival.mapping);
  arrival.sample ? tell_last_.bind(6, *arrival.sample) : tell_last_.bind_null(6);
  tell_last_.run();
}

}  // namespace monitor::store
