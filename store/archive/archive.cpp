#include "store/archive/archive.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/system/log.h"
#include "store/archive/schema.h"

namespace monitor::store {
namespace {

// Events that a receiver of a whole day's news has at most.
constexpr std::uint64_t kFarBehind = 10'000;

// Words for so many incidents are made between two looks at the feed: some 20 ms.
constexpr int kSearchableAtOnce = 200;

constexpr std::string_view kAddHeard =
    "INSERT INTO providers(slug, name, first_heard_at, last_heard_at, unrecognised, revision) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(slug) DO UPDATE SET name = excluded.name, "
    "first_heard_at = min(first_heard_at, excluded.first_heard_at), "
    "last_heard_at = max(last_heard_at, excluded.last_heard_at), "
    "unrecognised = unrecognised + excluded.unrecognised, revision = excluded.revision";

constexpr std::string_view kNextRevision =
    "INSERT INTO meta(name, value) VALUES('revision', 1) "
    "ON CONFLICT(name) DO UPDATE SET value = value + 1 RETURNING value";

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
      search_(database_),
      events_(database_),
      retirement_(database_),
      add_heard_(database_.prepare(kAddHeard)),
      add_change_(database_.prepare(kAddChange)),
      add_lost_(database_.prepare(kAddLost)),
      end_reread_(database_.prepare("DELETE FROM rereads WHERE stream = ?1")),
      next_revision_(database_.prepare(kNextRevision)) {
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

// A checkpoint copies each page that changed since the one before: while a long replay changes the
// same ones again and again, the fewer the better (256 MiB of write-ahead log). Else the log stays
// small, which is what a start after a crash has to read.
void Archive::set_checkpoints(bool far_behind) {
  if (far_behind_ != far_behind) {
    far_behind_ = far_behind;
    database_.execute(far_behind ? "PRAGMA wal_autocheckpoint = 64000"
                                 : "PRAGMA wal_autocheckpoint = 2000");
  }
}

News Archive::apply(std::span<const Arrival> arrivals, std::uint64_t behind) {
  set_checkpoints(behind > kFarBehind);
  storage::Transaction transaction(database_);
  events_.begin(behind);
  Sums sums{.cursors = cursor_table_.load(),
            .rereads = rereads(),
            .lost = {},
            .set_back = false,
            .heard = {},
            .changes = {}};
  for (const Arrival& arrival : arrivals) {
    take(arrival, sums);
  }
  write(sums);
  News news = events_.write();
  news.complete = news.complete && !sums.set_back;
  transaction.commit();
  return news;
}

bool Archive::make_searchable() {
  storage::Transaction transaction(database_);
  const bool more = search_.catch_up(kSearchableAtOnce);
  transaction.commit();
  return more;
}

bool Archive::retire(system::Time before) {
  storage::Transaction transaction(database_);
  const std::vector<std::int64_t> gone = retirement_.retire(before, next_revision());
  for (const std::int64_t incident : gone) {
    search_.forget(incident);
  }
  transaction.commit();
  return !gone.empty();
}

feed::Cursors Archive::rereads() {
  return feed::read_cursors(database_.prepare("SELECT stream, until FROM rereads"));
}

void Archive::take(const Arrival& arrival, Sums& sums) {
  advance(arrival, sums);
  Heard& heard = sums.heard[arrival.provider];
  hear(heard, arrival.provider_name, arrival.received_at);
  heard.unrecognised += !arrival.reading.recognised && unrecognised_.put(arrival) ? 1 : 0;
  for (const status::StatusUpdate& update : arrival.reading.updates) {
    const Change change = incidents_.put(update);
    sums.changes[{update.provider, update.kind}] += change;
    search_.note(change.row);
    if (change.fresh) {
      events_.add(update);
    }
    if (update.provider != arrival.provider) {  // one bridge tells of many
      hear(sums.heard[update.provider], update.provider_name, arrival.received_at);
    }
  }
}

void Archive::hear(Heard& heard, const std::string& name, system::Time at) {
  heard.name = name;
  heard.first = std::min(heard.first, at);
  heard.last = std::max(heard.last, at);
}

// The subscriber hands out a stream without holes, but for what no receiver keeps any more. A step
// back is a journal that was set back: what follows is new.
void Archive::advance(const Arrival& arrival, Sums& sums) {
  std::uint64_t& cursor = sums.cursors[arrival.stream];
  if (arrival.seq <= cursor) {
    unrecognised_.set_back(arrival.stream, arrival.seq);
    end_reread_.bind(1, arrival.stream).run();
    sums.rereads.erase(arrival.stream);
    sums.set_back = true;
  }
  const std::uint64_t applied = std::max(cursor, sums.rereads[arrival.stream]);
  if (arrival.seq > applied + 1) {
    sums.lost[arrival.stream] += arrival.seq - applied - 1;
  }
  cursor = arrival.seq;
}

std::int64_t Archive::next_revision() { return next_revision_.run_for_integer().value(); }

void Archive::write(const Sums& sums) {
  for (const auto& [stream, seq] : sums.cursors) {
    cursor_table_.save(stream, seq);
  }
  for (const auto& [stream, events] : sums.lost) {
    add_lost_.bind(1, stream).bind(2, static_cast<std::int64_t>(events)).run();
  }
  const std::int64_t revision = next_revision();
  for (const auto& [slug, heard] : sums.heard) {
    add_heard_.bind(1, slug).bind(2, heard.name).bind(3, system::to_microseconds(heard.first));
    add_heard_.bind(4, system::to_microseconds(heard.last)).bind(5, heard.unrecognised);
    add_heard_.bind(6, revision).run();
  }
  for (const auto& [of, change] : sums.changes) {
    add_change_.bind(1, of.first).bind(2, word(of.second)).bind(3, change.incidents);
    add_change_.bind(4, change.open).bind(5, change.updates).run();
  }
}

}  // namespace monitor::store
