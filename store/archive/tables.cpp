#include "store/archive/tables.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "lib/feed/cursor.h"

namespace monitor::store {
namespace {

// Times are microseconds since 1970; words are those of lib/status/update.h. An incident's rowid is
// its place in the order of insertion. `over`: nothing is open any more. `told_resolved_at`: what
// the sender said; resolved_at is derived from it and the updates. An update's as_of is the time of
// the newest body that told of it.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE providers(
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, last_heard_at INTEGER NOT NULL,
  unrecognised INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE incidents(
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, incident_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT '', over INTEGER NOT NULL DEFAULT 0,
  impact TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, resolved_at INTEGER,
  told_resolved_at INTEGER, scheduled_for INTEGER, scheduled_until INTEGER,
  test INTEGER NOT NULL DEFAULT 0,
  UNIQUE(provider, incident_id, kind));
CREATE INDEX incidents_newest ON incidents(updated_at, id);
CREATE INDEX incidents_of_provider ON incidents(provider, updated_at, id);
CREATE INDEX incidents_by_status ON incidents(status, updated_at, id);
CREATE INDEX incidents_open ON incidents(updated_at, id) WHERE over = 0;

CREATE TABLE incident_components(
  incident INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT, PRIMARY KEY(incident, place)) WITHOUT ROWID;

CREATE TABLE updates(
  id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  update_id TEXT NOT NULL, status TEXT, over INTEGER, message TEXT NOT NULL,
  happened_at INTEGER NOT NULL, as_of INTEGER NOT NULL, received_at INTEGER NOT NULL,
  stream TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX updates_of_incident ON updates(incident, happened_at, id);

CREATE TABLE tallies(
  provider TEXT NOT NULL, kind TEXT NOT NULL, incidents INTEGER NOT NULL, open INTEGER NOT NULL,
  updates INTEGER NOT NULL, PRIMARY KEY(provider, kind)) WITHOUT ROWID;

CREATE TABLE losses(
  stream TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// What links components with incidents (links.h): `told_at` is the time of the body that the
// component stands in, `under_way` as in IncidentRows.
//
// What nobody could read (unrecognised_rows.h), and how it is read again (relearning.h). `rest`: of
// the provider's bodies beyond the bounds. `rereads`: how far a stream had been applied when it was
// set back. Of what version 1 counted neither shape nor place is known, only that it was before the
// cursors: so it is the rest, and found in the journal again.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE incident_components ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE incident_components ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_components ADD COLUMN under_way INTEGER NOT NULL DEFAULT 0;
UPDATE incident_components SET (provider, told_at, under_way) =
  (SELECT provider, updated_at, over = 0 AND kind <> 'component' AND status <> 'scheduled'
   FROM incidents WHERE incidents.id = incident);
CREATE INDEX components_under_way_by_id ON incident_components(provider, id) WHERE under_way = 1;
CREATE INDEX components_under_way_by_name ON incident_components(provider, name)
  WHERE under_way = 1;
CREATE INDEX incidents_component_names ON incidents(provider, name) WHERE kind = 'component';

CREATE TABLE unrecognised(
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, rest INTEGER NOT NULL, format TEXT NOT NULL,
  shape TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 0,
  first_stream TEXT NOT NULL DEFAULT '', first_seq INTEGER NOT NULL DEFAULT 0,
  first_at INTEGER NOT NULL DEFAULT 9223372036854775807,
  last_stream TEXT NOT NULL DEFAULT '', last_seq INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  mapping TEXT NOT NULL DEFAULT '', sample TEXT,
  UNIQUE(provider, rest, format, shape));
CREATE INDEX unrecognised_newest ON unrecognised(last_at, id) WHERE rest = 0;

CREATE TABLE unrecognised_streams(
  shape INTEGER NOT NULL, stream TEXT NOT NULL, first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL, PRIMARY KEY(shape, stream)) WITHOUT ROWID;
INSERT INTO unrecognised(provider, rest, format, shape, count)
  SELECT slug, 1, '', '', unrecognised FROM providers WHERE unrecognised > 0;
INSERT INTO unrecognised_streams
  SELECT unrecognised.id, cursors.stream, 1, cursors.seq FROM unrecognised, cursors;

CREATE TABLE rereads(stream TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// The step at N makes version N + 1 of version N. A new file takes all of them, so each is tried
// whenever a file is made.
constexpr std::array<const char*, kTablesVersion> kSteps{kVersion1, kVersion2};

}  // namespace

void bring_up_to_date(storage::Database& database, std::int64_t version) {
  storage::Transaction transaction(database);
  const feed::CursorTable cursors(database);  // makes its table, which a step reads
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
    database.execute(kSteps[step]);
  }
  database.execute(fmt::format("PRAGMA user_version = {}", kTablesVersion).c_str());
  transaction.commit();
}

}  // namespace monitor::store
