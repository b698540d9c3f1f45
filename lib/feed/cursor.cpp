#include "lib/feed/cursor.h"

namespace monitor::feed {
namespace {

// Pruning walks the table's end only, but there is no need to do it for every key.
constexpr std::int64_t kPruneEvery = 1000;

storage::Database& with_table(storage::Database& database, const char* schema) {
  database.execute(schema);
  return database;
}

}  // namespace

Cursors read_cursors(storage::Statement& rows) {
  Cursors cursors;
  while (rows.step()) {
    cursors[std::string(rows.text(0))] = static_cast<std::uint64_t>(rows.integer(1));
  }
  return cursors;
}

Cursors read_cursors(storage::Statement&& rows) { return read_cursors(rows); }

CursorTable::CursorTable(storage::Database& database)
    : database_(with_table(database,
                           "CREATE TABLE IF NOT EXISTS cursors"
                           "(stream TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID")),
      save_(database.prepare("INSERT INTO cursors(stream, seq) VALUES(?1, ?2) "
                             "ON CONFLICT(stream) DO UPDATE SET seq = excluded.seq")) {}

Cursors CursorTable::load() {
  return read_cursors(database_.prepare("SELECT stream, seq FROM cursors"));
}

void CursorTable::save(std::string_view stream, std::uint64_t seq) {
  save_.bind(1, stream).bind(2, static_cast<std::int64_t>(seq)).run();
}

SeenTable::SeenTable(storage::Database& database)
    : add_(with_table(database,
                      "CREATE TABLE IF NOT EXISTS seen"
                      "(n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE)")
               .prepare("INSERT INTO seen(key) VALUES(?1) ON CONFLICT DO NOTHING")),
      contains_(database.prepare("SELECT 1 FROM seen WHERE key = ?1")),
      prune_(database.prepare("DELETE FROM seen WHERE n <= (SELECT max(n) FROM seen) - ?1")),
      database_(database) {}

bool SeenTable::add(std::string_view key) {
  add_.bind(1, key).run();
  const bool added = database_.changed_rows() > 0;
  if (added && ++additions_ % kPruneEvery == 0) {
    prune_.bind(1, kSeenKept).run();
  }
  return added;
}

bool SeenTable::contains(std::string_view key) {
  const bool found = contains_.bind(1, key).step();
  contains_.reset();
  return found;
}

}  // namespace monitor::feed
