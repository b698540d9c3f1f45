// A file of version 1 is opened by this program: nothing that was kept is lost.
#include "store/archive/tables.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

// As version 1 left it: an incident with a component, the component's own entry, and four bodies
// that nobody could read.
constexpr const char* kVersion1File = R"sql(
CREATE TABLE cursors(stream TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
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
CREATE TABLE losses(stream TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;

INSERT INTO cursors VALUES('s', 20), ('t', 7);
INSERT INTO providers VALUES('github', 'GitHub', 1771588800000000, 4);
INSERT INTO incidents(id, provider, kind, incident_id, name, status, created_at, updated_at)
  VALUES(1, 'github', 'incident', 'inc', 'Pushes fail', 'investigating', 1771588800000000,
         1771588800000000),
        (2, 'github', 'component', 'c1', 'Git', 'major_outage', 1771588860000000,
         1771588860000000);
INSERT INTO incident_components VALUES(1, 0, 'c1', 'Git', 'partial_outage'),
                                      (2, 0, 'c1', 'Git', 'major_outage');
INSERT INTO updates VALUES(1, 1, 'k', 'u1', 'investigating', 0, 'text', 1771588800000000,
                           1771588800000000, 1771588800000000, 's', 3);
INSERT INTO tallies VALUES('github', 'incident', 1, 1, 1), ('github', 'component', 1, 1, 1);
INSERT INTO losses VALUES('s', 5);
)sql";

struct Version1Fixture {
  Version1Fixture() {
    storage::Database::open(path, storage::Database::Mode::read_write).execute(kVersion1File);
  }
  std::int64_t version() const {
    auto row = storage::Database::open(path, storage::Database::Mode::read_only)
                   .prepare("PRAGMA user_version");
    return row.step() ? row.integer(0) : -1;
  }
  tests::TempDir directory;
  std::string path = directory / "store.db";
};

BOOST_FIXTURE_TEST_SUITE(store_tables, Version1Fixture)

BOOST_AUTO_TEST_CASE(what_version_1_kept_is_kept_and_linked) {
  const Archive archive(path);
  BOOST_TEST(version() == kTablesVersion);
  Reader reader(path);
  const IncidentDetail detail = reader.incident("github", "inc", "").value();
  BOOST_TEST(detail.updates.size() == 1);
  BOOST_TEST(detail.incident.components.at(0).status == "major_outage");
  const auto component = reader.incident("github", "c1", "component").value().incident;
  BOOST_TEST(component.incident_ids == std::vector<std::string>{"inc"});
  BOOST_TEST(reader.figures().incidents() == 1);
  BOOST_TEST(reader.figures().lost == 5);
}

BOOST_AUTO_TEST_CASE(what_it_could_not_read_is_looked_for_in_the_journals) {
  Archive archive(path);
  BOOST_TEST(archive.cursors().at("s") == 0);
  BOOST_TEST(archive.cursors().at("t") == 0);
  const std::vector<Arrival> arrivals{unread_of(9), unread_of(21)};
  archive.apply(arrivals);
  Reader reader(path);
  BOOST_TEST(reader.figures().unrecognised() == 2);
  BOOST_TEST(reader.unrecognised({}).shapes.at(0).count == 2);
  BOOST_TEST(reader.figures().lost == 5);
}

BOOST_AUTO_TEST_CASE(one_that_could_read_everything_goes_on_where_it_was) {
  storage::Database::open(path, storage::Database::Mode::read_write)
      .execute("UPDATE providers SET unrecognised = 0");
  BOOST_TEST(Archive(path).cursors().at("s") == 20);
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_version_1) {
  storage::Database::open(path, storage::Database::Mode::read_write)
      .execute("CREATE TABLE meta(something INTEGER)");
  BOOST_CHECK_THROW(Archive{path}, system::Failure);
  BOOST_TEST(version() == 1);
  auto database = storage::Database::open(path, storage::Database::Mode::read_write);
  BOOST_CHECK_THROW(database.prepare("SELECT 1 FROM unrecognised"), storage::Error);
  database.execute("DROP TABLE meta");
  const Archive archive(path);
  BOOST_TEST(version() == kTablesVersion);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
