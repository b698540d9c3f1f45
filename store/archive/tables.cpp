#include "store/archive/tables.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "lib/feed/cursor.h"
#include "store/archive/component_rows.h"

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

// What is broken now and what was, and who follows. Keys of updates are looked for within their
// incident: digests spread over one index of all updates would touch a page of the disk each.
// Lists are walked newest first along one index that has what they filter by: an index for each
// filter would be written anew with every update. `components`: how each is now
// (component_rows.h); in incident_components `counts` is 1 where a word of an incident still does.
// Of version 2 the state is settled afterwards (Archive). `revision` grows with each commit;
// a provider bears that of the last one which told of it. `search` is what /incidents?q= looks
// through, `unsearched` what has changed since (search_index.h). `events`: the newest updates as
// GET /events tells them, `events_dropped` the last seq of each stream that is no longer among
// them.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE updates_of_version_3(
  id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, key TEXT NOT NULL,
  update_id TEXT NOT NULL, status TEXT, over INTEGER, message TEXT NOT NULL,
  happened_at INTEGER NOT NULL, as_of INTEGER NOT NULL, received_at INTEGER NOT NULL,
  stream TEXT NOT NULL, seq INTEGER NOT NULL, UNIQUE(incident, key));
INSERT INTO updates_of_version_3 SELECT * FROM updates ORDER BY id;
DROP TABLE updates;
ALTER TABLE updates_of_version_3 RENAME TO updates;
CREATE INDEX updates_of_incident ON updates(incident, happened_at, id);

CREATE TABLE components(
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, component_id TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT NOT NULL);
INSERT INTO components(provider, component_id, name, status)
  SELECT provider, id, max(name), 'operational' FROM
    (SELECT provider, id, name FROM incident_components
     UNION ALL SELECT provider, incident_id, name FROM incidents WHERE kind = 'component')
  WHERE id <> '' AND id NOT GLOB 'made-*' GROUP BY provider, id;
CREATE INDEX components_by_id ON components(component_id, provider);
CREATE INDEX components_by_name ON components(name, provider);
CREATE INDEX components_of_provider ON components(provider, status);
INSERT INTO components(provider, component_id, name, status)
  SELECT DISTINCT provider, '', name, 'operational' FROM
    (SELECT provider, id, name FROM incident_components
     UNION ALL SELECT provider, incident_id, name FROM incidents WHERE kind = 'component') AS o
  WHERE (id = '' OR id GLOB 'made-*') AND NOT EXISTS
    (SELECT 1 FROM components c WHERE c.name = o.name AND c.provider = o.provider);

DROP INDEX components_under_way_by_id;
DROP INDEX components_under_way_by_name;
DROP INDEX incidents_component_names;
ALTER TABLE incident_components ADD COLUMN counts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_components ADD COLUMN component INTEGER NOT NULL DEFAULT 0;
UPDATE incident_components SET component =
  coalesce((SELECT c.id FROM components c WHERE c.component_id = incident_components.id
            AND c.provider = incident_components.provider AND incident_components.id <> ''),
           (SELECT min(c.id) FROM components c WHERE c.name = incident_components.name
            AND c.provider = incident_components.provider), 0);
UPDATE incident_components SET counts = 1 WHERE status IS NOT NULL AND
  (SELECT kind <> 'component' AND status <> 'scheduled' AND updated_at = told_at OR under_way
   FROM incidents WHERE incidents.id = incident);
CREATE INDEX incident_components_of ON incident_components(component, incident);
CREATE INDEX incident_components_under_way ON incident_components(component, incident)
  WHERE under_way = 1;
CREATE INDEX incident_components_told ON incident_components(component, told_at)
  WHERE counts = 1;

ALTER TABLE incidents ADD COLUMN component INTEGER;
UPDATE incidents SET component =
  coalesce((SELECT c.id FROM components c WHERE c.component_id = incidents.incident_id
            AND c.provider = incidents.provider),
           (SELECT min(c.id) FROM components c WHERE c.name = incidents.name
            AND c.provider = incidents.provider)) WHERE kind = 'component';
CREATE INDEX incidents_of_component ON incidents(component) WHERE component IS NOT NULL;
DROP INDEX incidents_newest;
DROP INDEX incidents_by_status;
CREATE INDEX incidents_newest ON incidents(updated_at, id, kind, status, impact, over);
CREATE INDEX incidents_open_of_provider ON incidents(provider, kind) WHERE over = 0;

ALTER TABLE providers ADD COLUMN first_heard_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE providers ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE providers SET first_heard_at = coalesce(
  (SELECT min(u.received_at) FROM incidents i JOIN updates u ON u.incident = i.id
   WHERE i.provider = slug), last_heard_at);
CREATE INDEX providers_changed ON providers(revision);

CREATE VIRTUAL TABLE search USING fts5(
  provider, text, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE unsearched(incident INTEGER PRIMARY KEY);
INSERT INTO unsearched SELECT id FROM incidents;

CREATE TABLE events(
  place INTEGER PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, ends_seq INTEGER NOT NULL,
  provider TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX events_by_seq ON events(stream, seq);
CREATE TABLE events_dropped(stream TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO events_dropped SELECT stream, seq FROM cursors;
)sql";

// A provider's last 90 days are read along this index alone; the rows lie all over the file. And
// thousands of incidents may say the same of a component at the same time: so each word of them is
// looked for, and of those that say nothing each impact, which is the incident's.
constexpr const char* kVersion4 = R"sql(
DROP INDEX updates_of_incident;
CREATE INDEX updates_of_incident ON updates(incident, happened_at, id, status);
DROP INDEX incident_components_told;
CREATE INDEX incident_components_told ON incident_components(component, told_at, status)
  WHERE counts = 1;
ALTER TABLE incident_components ADD COLUMN impact TEXT NOT NULL DEFAULT '';
UPDATE incident_components SET impact =
  coalesce((SELECT impact FROM incidents WHERE incidents.id = incident), '');
CREATE INDEX incident_components_implied ON incident_components(component, impact, told_at)
  WHERE under_way = 1 AND counts = 0;
)sql";

// The step at N makes version N + 1 of version N. A new file takes all of them, so each is tried
// whenever a file is made.
constexpr std::array<const char*, kTablesVersion> kSteps{kVersion1, kVersion2, kVersion3,
                                                         kVersion4};

}  // namespace

void bring_up_to_date(storage::Database& database, std::int64_t version) {
  storage::Transaction transaction(database);
  const feed::CursorTable cursors(database);  // makes its table, which a step reads
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
    database.execute(kSteps[step]);
  }
  if (version > 0) {
    ComponentRows(database).settle_all();
  }
  database.execute(fmt::format("PRAGMA user_version = {}", kTablesVersion).c_str());
  transaction.commit();
}

}  // namespace monitor::store
