#include "store/reader/event_reader.h"

#include <algorithm>

namespace monitor::store {
namespace {

constexpr std::string_view kAfter =
    "SELECT place, stream, seq, ends_seq, provider, json FROM events WHERE place > ?1 "
    "ORDER BY place LIMIT ?2";
constexpr std::string_view kFirstUnseen =
    "SELECT min(place) FROM events WHERE stream = ?1 AND seq > ?2";

}  // namespace

EventReader::EventReader(const storage::Database& database)
    : after_(database.prepare(kAfter)),
      first_unseen_(database.prepare(kFirstUnseen)),
      newest_(database.prepare("SELECT coalesce(max(place), 0) FROM events")),
      streams_(database.prepare("SELECT stream, seq FROM cursors")),
      dropped_(database.prepare("SELECT stream, seq FROM events_dropped")) {}

std::vector<Event> EventReader::after(std::int64_t place, std::size_t limit) {
  std::vector<Event> events;
  after_.bind(1, place).bind(2, static_cast<std::int64_t>(limit));
  while (after_.step()) {
    events.push_back({.place = after_.integer(0),
                      .stream = std::string(after_.text(1)),
                      .seq = static_cast<std::uint64_t>(after_.integer(2)),
                      .ends_seq = after_.integer(3) != 0,
                      .provider = std::string(after_.text(4)),
                      .json = std::string(after_.text(5))});
  }
  return events;
}

std::optional<std::int64_t> EventReader::place_of(const feed::Cursors& seen) {
  const auto seen_of = [&](const std::string& stream) {
    const auto found = seen.find(stream);
    return found == seen.end() ? 0 : found->second;
  };
  for (const auto& [stream, seq] : feed::read_cursors(dropped_)) {
    if (seen_of(stream) < seq) {
      return std::nullopt;
    }
  }
  std::int64_t place = newest_place();
  for (const auto& [stream, seq] : streams()) {
    first_unseen_.bind(1, stream).bind(2, static_cast<std::int64_t>(seen_of(stream)));
    if (const auto first = first_unseen_.run_for_integer()) {
      place = std::min(place, *first - 1);
    }
  }
  return place;
}

std::int64_t EventReader::newest_place() { return newest_.run_for_integer().value(); }

feed::Cursors EventReader::streams() { return feed::read_cursors(streams_); }

}  // namespace monitor::store
