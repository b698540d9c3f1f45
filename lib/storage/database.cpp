#include "lib/storage/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "lib/system/error.h"

namespace monitor::storage {
namespace {

// A writer of another process (an operator's sqlite3 shell) is waited for this long.
constexpr int kBusyMilliseconds = 2000;
// Readers are waited for this long before the WAL is begun anew: those of ours are done in a few
// milliseconds, and on one that stays (that shell, a backup) no commit should wait.
constexpr int kRestartMilliseconds = 50;

[[noreturn]] void fail_with(sqlite3* connection, const std::string& action) {
  const int code = connection != nullptr ? sqlite3_errcode(connection) : SQLITE_NOMEM;
  const char* reason = connection != nullptr ? sqlite3_errmsg(connection) : "out of memory";
  throw Error(fmt::format("cannot {}: {}", action, reason), code & 0xff);
}

}  // namespace

bool Error::means_damage() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }

Error damaged(const std::string& finding) { return {finding, SQLITE_CORRUPT}; }

void give_up(const std::string& path, const Error& error, std::string_view consequence) {
  std::string what_to_do;
  switch (error.code()) {
    case SQLITE_FULL:
      what_to_do = " (make room and start again)";
      break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
      break;  // the reason says it
    default:
      what_to_do = fmt::format(" ({}it is damaged: move it away, and its -wal with it; {})",
                               error.means_damage() ? "" : "if ", consequence);
  }
  system::fail(fmt::format("use {}", path), error.what() + what_to_do);
}

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
  if (sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
    fail_with(connection, fmt::format("prepare \"{}\"", sql));
  }
}
Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}
Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::fail() const {
  const std::string action = fmt::format("run \"{}\"", sqlite3_sql(statement_));
  try {
    fail_with(connection_, action);
  } catch (...) {
    sqlite3_reset(statement_);
    throw;
  }
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, index, value) != SQLITE_OK) {
    fail();
  }
  return *this;
}
Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL; an empty text is one all the same.
  const char* data = text.data() != nullptr ? text.data() : "";
  if (sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) !=
      SQLITE_OK) {
    fail();
  }
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes) {
  const char* data = bytes.data() != nullptr ? bytes.data() : "";
  if (sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_STATIC) != SQLITE_OK) {
    fail();
  }
  return *this;
}
Statement& Statement::bind_null(int index) {
  if (sqlite3_bind_null(statement_, index) != SQLITE_OK) {
    fail();
  }
  return *this;
}

bool Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      sqlite3_reset(statement_);
      return false;
    default:
      fail();
  }
}
void Statement::run() {
  while (step()) {
  }
}
std::optional<std::int64_t> Statement::run_for_integer() {
  if (!step()) {
    return std::nullopt;
  }
  const std::optional<std::int64_t> value = maybe_integer(0);
  run();
  return value;
}
void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string_view Statement::text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), size);
}
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Database Database::open(const std::string& path, Mode mode, Durability durability, int page_size) {
  // Nobody asks SQLite how much memory it uses, and counting it takes a lock for each allocation.
  static const int memory_status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(memory_status);
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : SQLITE_OPEN_READONLY);
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  Database database(connection);
  if (result != SQLITE_OK) {
    fail_with(connection, "open " + path);
  }
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  if (mode == Mode::read_write) {
    database.execute(fmt::format("PRAGMA page_size={}", page_size).c_str());
    database.execute("PRAGMA journal_mode=WAL");
    database.execute(durability == Durability::full ? "PRAGMA synchronous=FULL"
                                                    : "PRAGMA synchronous=NORMAL");
  }
  return database;
}

Database::Database(Database&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), sync_failed_(other.sync_failed_) {}
// close_v2: statements may outlive the connection by member order.
Database::~Database() { sqlite3_close_v2(connection_); }

void Database::execute(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail_with(connection_, fmt::format("run \"{}\"", sql));
  }
}

std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_); }

bool Database::checkpoint(Checkpoint how) {
  const int mode = how == Checkpoint::passive   ? SQLITE_CHECKPOINT_PASSIVE
                   : how == Checkpoint::restart ? SQLITE_CHECKPOINT_RESTART
                                                : SQLITE_CHECKPOINT_TRUNCATE;
  sqlite3_busy_timeout(connection_, kRestartMilliseconds);
  const int result = sqlite3_wal_checkpoint_v2(connection_, nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(connection_, kBusyMilliseconds);
  sync_failed_ = sync_failed_ || result == SQLITE_IOERR_FSYNC;
  return result == SQLITE_OK;
}

std::string Database::damage() {
  Statement check = prepare("PRAGMA quick_check(1)");
  std::string finding(check.step() ? check.text(0) : std::string_view());
  std::replace(finding.begin(), finding.end(), '\n', ' ');
  return finding == "ok" ? "" : finding;
}

void Database::sync_file() {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file != nullptr && file->pMethods != nullptr) {
    sync_failed_ = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK || sync_failed_;
  }
}

void Database::keep_wal() {
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::report_wal_pages(std::atomic<int>& pages) {
  const auto store = [](void* target, sqlite3*, const char*, int count) {
    *static_cast<std::atomic<int>*>(target) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_, store, &pages);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}
Transaction::~Transaction() {
  if (open_) {
    try {
      database_.execute("ROLLBACK");
    } catch (const Error&) {
      // SQLite has rolled back already (disk full, I/O error).
    }
  }
}
void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace monitor::storage
