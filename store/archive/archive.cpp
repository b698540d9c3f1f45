#include "store/archive/archive.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/system/log.h"
#include "store/archive/schema.h"

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

Archive::Archive(const std::string& path, const Knowledge& known)
    : database_(open_for_writing(path)),
      cursor_table_(database_),
      incidents_(database_),
      unrecognised_(database_),
      add_heard_(database_.prepare(kAddHeard)),
      add_change_(database_.prepare(kAddChange)),
      add_lost_(database_.prepare(kAddLost)),
      end_reread_(database_.prepare("DELETE FROM rereads WHERE stream = ?1")) {
  learn(known);
}

// A full disk must not keep us from serving what is known.
void Archive::learn(const Knowledge& known) {
  try {
    relearn(database_, cursor_table_, known);
  } catch (const storage::Error& error) {
    system::log_warning(fmt::format(
        "cannot look for what this version reads better, the next start tries again: {}",
        error.what()));
  }
}

feed::Cursors Archive::cursors() { return cursor_table_.load(); }

void Archive::apply(std::span<const Arrival> arrivals) {
  storage::Transaction transaction(database_);
  Sums sums{.cursors = cursor_table_.load(),
            .rereads = rereads(),
            .lost = {},
            .heard = {},
            .changes = {}};
  for (const Arrival& arrival : arrivals) {
    take(arrival, sums);
  }
  write(sums);
  transaction.commit();
}

feed::Cursors Archive::rereads() {
  feed::Cursors until;
  storage::Statement row = database_.prepare("SELECT stream, until FROM rereads");
  while (row.step()) {
    until[std::string(row.text(0))] = static_cast<std::uint64_t>(row.integer(1));
  }
  return until;
}

void Archive::take(const Arrival& arrival, Sums& sums) {
  advance(arrival, sums);
  Heard& heard = sums.heard[arrival.provider];
  heard.name = arrival.provider_name;
  heard.last = std::max(heard.last, arrival.received_at);
  heard.unrecognised += !arrival.reading.recognised && unrecognised_.put(arrival) ? 1 : 0;
  for (const status::StatusUpdate& update : arrival.reading.updates) {
    sums.changes[{update.provider, update.kind}] += incidents_.put(update);
    if (update.provider != arrival.provider) {  // one bridge tells of many
      Heard& told_of = sums.heard[update.provider];
      told_of.name = update.provider_name;
      told_of.last = std::max(told_of.last, arrival.received_at);
    }
  }
}

// The subscriber hands out a stream without holes, but for what no receiver keeps any more. A step
// back is a journal that was set back: what follows is new.
void Archive::advance(const Arrival& arrival, Sums& sums) {
  std::uint64_t& cursor = sums.cursors[arrival.stream];
  if (arrival.seq <= cursor) {
    unrecognised_.set_back(arrival.stream, arrival.seq);
    end_reread_.bind(1, arrival.stream).run();
    sums.rereads.erase(arrival.stream);
  }
  const std::uint64_t applied = std::max(cursor, sums.rereads[arrival.stream]);
  if (arrival.seq > applied + 1) {
    sums.lost[arrival.stream] += arrival.seq - applied - 1;
  }
  cursor = arrival.seq;
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
