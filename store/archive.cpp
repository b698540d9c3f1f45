#include "store/archive.h"

#include <algorithm>

#include "store/schema.h"

namespace monitor::store {
namespace {

constexpr std::string_view kAddHeard =
    "INSERT INTO providers(slug, name, last_heard_at, unrecognised) VALUES(?1, ?2, ?3, ?4) "
    "ON CONFLICT(slug) DO UPDATE SET name = excluded.name, "
    "last_heard_at = max(last_heard_at, excluded.last_heard_at), "
    "unrecognised = unrecognised + excluded.unrecognised";

constexpr std::string_view kAddChange =
    "INSERT INTO tallies(provider, kind, incidents, open, updates) VALUES(?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT(provider, kind) DO UPDATE SET incidents = incidents + excluded.incidents, "
    "open = open + excluded.open, updates = updates + excluded.updates";

constexpr std::string_view kAddLost =
    "INSERT INTO losses(stream, events) VALUES(?1, ?2) "
    "ON CONFLICT(stream) DO UPDATE SET events = events + excluded.events";

Change& operator+=(Change& sum, const Change& change) {
  sum.incidents += change.incidents;
  sum.open += change.open;
  sum.updates += change.updates;
  return sum;
}

}  // namespace

Arrival understand(const feed::Event& event) {
  return {.stream = event.stream,
          .seq = event.seq,
          .received_at = event.received_at,
          .provider = event.provider,
          .provider_name = event.provider_name,
          .reading = feed::read_updates(event)};
}

Archive::Archive(const std::string& path)
    : database_(open_for_writing(path)),
      cursor_table_(database_),
      incidents_(database_),
      add_heard_(database_.prepare(kAddHeard)),
      add_change_(database_.prepare(kAddChange)),
      add_lost_(database_.prepare(kAddLost)) {}

feed::Cursors Archive::cursors() { return cursor_table_.load(); }

void Archive::apply(std::span<const Arrival> arrivals) {
  storage::Transaction transaction(database_);
  Sums sums{.cursors = cursor_table_.load(), .lost = {}, .heard = {}, .changes = {}};
  for (const Arrival& arrival : arrivals) {
    take(arrival, sums);
  }
  write(sums);
  transaction.commit();
}

void Archive::take(const Arrival& arrival, Sums& sums) {
  // The subscriber hands out a stream without holes, but for what no receiver keeps any more. A
  // step back is a journal that was set back: what follows is new.
  std::uint64_t& cursor = sums.cursors[arrival.stream];
  if (arrival.seq > cursor + 1) {
    sums.lost[arrival.stream] += arrival.seq - cursor - 1;
  }
  cursor = arrival.seq;

  Heard& heard = sums.heard[arrival.provider];
  heard.name = arrival.provider_name;
  heard.last = std::max(heard.last, arrival.received_at);
  heard.unrecognised += arrival.reading.recognised ? 0 : 1;
  for (const status::StatusUpdate& update : arrival.reading.updates) {
    sums.changes[{update.provider, update.kind}] += incidents_.put(update);
  }
}

void Archive::write(const Sums& sums) {
  for (const auto& [stream, seq] : sums.cursors) {
    cursor_table_.save(stream, seq);
  }
  for (const auto& [stream, events] : sums.lost) {
    add_lost_.bind(1, stream).bind(2, static_cast<std::int64_t>(events)).run();
  }
  for (const auto& [slug, heard] : sums.heard) {
    add_heard_.bind(1, slug).bind(2, heard.name).bind(3, system::to_microseconds(heard.last));
    add_heard_.bind(4, heard.unrecognised).run();
  }
  for (const auto& [of, change] : sums.changes) {
    add_change_.bind(1, of.first).bind(2, word(of.second)).bind(3, change.incidents);
    add_change_.bind(4, change.open).bind(5, change.updates).run();
  }
}

}  // namespace monitor::store
