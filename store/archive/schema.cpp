#include "store/archive/schema.h"

#include <fmt/format.h>

#include <filesystem>

#include "lib/system/error.h"
#include "store/archive/tables.h"

namespace monitor::store {
namespace {

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
constexpr int kBusy = 5;
constexpr int kReadOnly = 8;
constexpr int kIoError = 10;
constexpr int kFull = 13;
constexpr int kNotADatabase = 26;

// A file up to this size is read whole at start to see whether it is damaged, which takes a tenth
// of a second. In a larger one damage is noticed when it is come upon.
constexpr std::uintmax_t kCheckedBytes = 64 << 20;

// Applying a long replay touches the newest incidents of every provider again and again: what of
// them doesn't fit is written and read back within one transaction. Debian's SQLite writes zeros
// over what is deleted, which all came from the feed and goes on standing in the journal.
constexpr const char* kTuning = "PRAGMA cache_size = -40000; PRAGMA secure_delete = OFF";

std::int64_t version_of(storage::Database& database) {
  return database.prepare("PRAGMA user_version").run_for_integer().value_or(0);
}

// Of the directory that the file is in.
constexpr const char* kRebuild =
    "run `status-store --rebuild` with the same --state and --feed: it makes a new one from the "
    "receiver's journal, and a running status-store goes on with it";

[[noreturn]] void refuse(const std::string& path, std::string_view reason) {
  throw Unusable(fmt::format("cannot use {}: {}; {}", path, reason, kRebuild));
}

void check_for_damage(storage::Database& database, const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kCheckedBytes) {
    return;
  }
  if (const std::string finding = database.damage(); !finding.empty()) {
    refuse(path, fmt::format("it is damaged ({})", finding));
  }
}

void make_tables(storage::Database& database, const std::string& path) {
  const std::int64_t version = version_of(database);
  if (version == kTablesVersion) {
    return;  // without writing, so that a full disk doesn't keep us from serving what is known
  }
  if (version < 0 || version > kTablesVersion) {
    refuse(path, fmt::format("it was made by another version of this program (tables {}, here {})",
                             version, kTablesVersion));
  }
  bring_up_to_date(database, version);
}

}  // namespace

storage::Database open_for_writing(const std::string& path) {
  try {
    // Durability::normal: after a power loss the last commits may be gone, but the cursors went
    // with them (same transaction), so the events are fetched from the journal again.
    storage::Database database = storage::Database::open(path, storage::Database::Mode::read_write,
                                                         storage::Database::Durability::normal);
    database.execute(kTuning);
    check_for_damage(database, path);
    make_tables(database, path);
    return database;
  } catch (const storage::Error& error) {
    if (error.means_damage()) {
      refuse(path, error.code() == kNotADatabase ? "it is not a database" : "it is damaged");
    }
    system::fail(fmt::format("use {}", path), error.what());
  }
}

std::string advice(const storage::Error& error) {
  if (error.means_damage()) {
    return fmt::format("the database is damaged; {}", kRebuild);
  }
  switch (error.code()) {
    case kFull:
      return "the disk is full; make room, it goes on by itself";
    case kBusy:
      return "another process holds the database locked; end it, this goes on by itself";
    case kReadOnly:
      return "the file or its file system is read-only; make it writable, it goes on by itself";
    case kIoError:
      return "the disk fails; see the kernel's log, it goes on by itself once writing works";
    default:
      return "it is tried again until it works";
  }
}

}  // namespace monitor::store
