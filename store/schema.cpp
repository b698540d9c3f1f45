#include "store/schema.h"

#include <fmt/format.h>

#include <filesystem>

#include "lib/system/error.h"

namespace monitor::store {
namespace {

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
constexpr int kBusy = 5;
constexpr int kReadOnly = 8;
constexpr int kIoError = 10;
constexpr int kCorrupt = 11;
constexpr int kFull = 13;
constexpr int kNotADatabase = 26;

// Raised whenever a table changes in a way that older programs can't read.
constexpr std::int64_t kVersion = 1;

// A file up to this size is read whole at start to see whether it is damaged, which takes a tenth
// of a second. In a larger one damage is noticed when it is come upon.
constexpr std::uintmax_t kCheckedBytes = 64 << 20;

// Times are microseconds since 1970; words are those of lib/status/update.h. An incident's rowid is
// its place in the order of insertion. `over`: nothing is open any more. `told_resolved_at`: what
// the sender said; resolved_at is derived from it and the updates. An update's as_of is the time of
// the newest body that told of it.
constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS providers(
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, last_heard_at INTEGER NOT NULL,
  unrecognised INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS incidents(
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, incident_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT '', over INTEGER NOT NULL DEFAULT 0,
  impact TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, resolved_at INTEGER,
  told_resolved_at INTEGER, scheduled_for INTEGER, scheduled_until INTEGER,
  test INTEGER NOT NULL DEFAULT 0,
  UNIQUE(provider, incident_id, kind));
CREATE INDEX IF NOT EXISTS incidents_newest ON incidents(updated_at, id);
CREATE INDEX IF NOT EXISTS incidents_of_provider ON incidents(provider, updated_at, id);
CREATE INDEX IF NOT EXISTS incidents_by_status ON incidents(status, updated_at, id);
CREATE INDEX IF NOT EXISTS incidents_open ON incidents(updated_at, id) WHERE over = 0;

CREATE TABLE IF NOT EXISTS incident_components(
  incident INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT, PRIMARY KEY(incident, place)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS updates(
  id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  update_id TEXT NOT NULL, status TEXT, over INTEGER, message TEXT NOT NULL,
  happened_at INTEGER NOT NULL, as_of INTEGER NOT NULL, received_at INTEGER NOT NULL,
  stream TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS updates_of_incident ON updates(incident, happened_at, id);

CREATE TABLE IF NOT EXISTS tallies(
  provider TEXT NOT NULL, kind TEXT NOT NULL, incidents INTEGER NOT NULL, open INTEGER NOT NULL,
  updates INTEGER NOT NULL, PRIMARY KEY(provider, kind)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS losses(
  stream TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
)sql";

std::string first_text(storage::Database& database, std::string_view sql) {
  storage::Statement statement = database.prepare(sql);
  std::string text(statement.step() ? statement.text(0) : std::string_view());
  statement.reset();
  return text;
}

std::int64_t version_of(storage::Database& database) {
  storage::Statement statement = database.prepare("PRAGMA user_version");
  const std::int64_t version = statement.step() ? statement.integer(0) : 0;
  statement.reset();
  return version;
}

[[noreturn]] void refuse(const std::string& path, std::string_view reason) {
  system::fail(fmt::format("use {}", path),
               fmt::format("{}; move it away, with its -wal and -shm files, and start again: it is "
                           "rebuilt from the receiver's journal",
                           reason));
}

void check_for_damage(storage::Database& database, const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kCheckedBytes) {
    return;
  }
  const std::string finding = first_text(database, "PRAGMA quick_check(1)");
  if (finding != "ok") {
    refuse(path, fmt::format("it is damaged ({})", finding));
  }
}

void make_tables(storage::Database& database, const std::string& path) {
  const std::int64_t version = version_of(database);
  if (version == kVersion) {
    return;  // without writing, so that a full disk doesn't keep us from serving what is known
  }
  if (version != 0) {
    refuse(path, fmt::format("it was made by another version of this program (tables {}, here {})",
                             version, kVersion));
  }
  storage::Transaction transaction(database);
  database.execute(kTables);
  database.execute(fmt::format("PRAGMA user_version = {}", kVersion).c_str());
  transaction.commit();
}

}  // namespace

storage::Database open_for_writing(const std::string& path) {
  try {
    // Durability::normal: after a power loss the last commits may be gone, but the cursors went
    // with them (same transaction), so the events are fetched from the journal again.
    storage::Database database = storage::Database::open(path, storage::Database::Mode::read_write,
                                                         storage::Database::Durability::normal);
    check_for_damage(database, path);
    make_tables(database, path);
    return database;
  } catch (const storage::Error& error) {
    if (error.code() == kNotADatabase) {
      refuse(path, "it is not a database");
    }
    if (error.code() == kCorrupt) {
      refuse(path, "it is damaged");
    }
    system::fail(fmt::format("use {}", path), error.what());
  }
}

std::string advice(const storage::Error& error, const std::string& path) {
  switch (error.code()) {
    case kFull:
      return "the disk is full; make room, it goes on by itself";
    case kBusy:
      return "another process holds the database locked; end it, this goes on by itself";
    case kReadOnly:
      return "the file or its file system is read-only; make it writable, it goes on by itself";
    case kIoError:
      return "the disk fails; see the kernel's log, it goes on by itself once writing works";
    case kCorrupt:
    case kNotADatabase:
      return fmt::format(
          "the database is damaged; stop status-store, move {} away with its -wal and -shm files, "
          "and start it again: it is rebuilt from the receiver's journal",
          path);
    default:
      return "it is tried again until it works";
  }
}

}  // namespace monitor::store
