// SQLite behind RAII: one connection, its statements and transactions. The only folder that
// includes sqlite3.h. A connection belongs to one thread at a time. What SQLite refuses is thrown
// as storage::Error; the caller decides whether that ends the program (start) or is answered (disk
// full while running).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace monitor::storage {

class Error : public std::runtime_error {
 public:
  Error(const std::string& what, int code) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }  // SQLite's primary result code
  // The file is damaged, or no database at all.
  bool means_damage() const;

 private:
  int code_;
};

// What was found wrong with a file that SQLite itself takes.
Error damaged(const std::string& finding);

// Throws system::Failure: the program can't do without the file `path`. `consequence`: what becomes
// of it when a damaged one is moved away.
[[noreturn]] void give_up(const std::string& path, const Error& error,
                          std::string_view consequence);

class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1. Text and blobs are not copied: they must live until the statement is
  // reset or stepped to its end.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);
  Statement& bind(int index, const std::optional<std::int64_t>& value) {
    return value ? bind(index, *value) : bind_null(index);
  }

  // True: a row stands ready. False: done; the statement is reset and can be bound anew.
  bool step();
  // For statements without rows: step to the end.
  void run();
  // The same for statements with one row: its first column, nothing when there is no row or it is
  // null.
  std::optional<std::int64_t> run_for_integer();
  // Gives up the rest of the rows, and with them the read snapshot.
  void reset();

  // Columns count from 0. Texts are valid until the next step.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // of a text or blob, "" for null
  bool is_null(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }

 private:
  [[noreturn]] void fail() const;
  sqlite3* connection_;
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  enum class Mode { read_write, read_only };
  // How much a commit waits for: `full`, it is on the disk; `normal`, it is consistent after power
  // loss, but the last commits may be gone.
  enum class Durability { full, normal };

  // Opens (read_write: makes) a database in WAL mode; ":memory:" is one that vanishes. `page_size`
  // counts when it is made. Throws Error.
  static Database open(const std::string& path, Mode mode, Durability durability = Durability::full,
                       int page_size = 4096);

  Database(Database&&) noexcept;
  ~Database();

  // One or several statements without parameters and rows.
  void execute(const char* sql);
  Statement prepare(std::string_view sql) const { return Statement(connection_, sql); }
  std::int64_t changed_rows() const;  // by the last statement

  // Copies what stands in the WAL into the database file; false when readers or the writer were in
  // the way. `passive` waits for nobody; `restart` waits a moment for readers, so that the next
  // commit begins the WAL anew; `truncate` gives the WAL's room back besides. The file is synced
  // only when all of the WAL was copied.
  enum class Checkpoint { passive, restart, truncate };
  bool checkpoint(Checkpoint mode);
  // What SQLite finds wrong with the structure of the file; empty when nothing is. Reads all of it.
  std::string damage();
  // Syncs the database file, so that a later checkpoint has less to wait for.
  void sync_file();
  // True once a checkpoint or sync_file() could not sync. The kernel may have dropped what it could
  // not write and says so only once, while SQLite goes on believing in what it copied before: from
  // then on only the WAL has everything, and no checkpoint may begin it anew until all connections
  // of all programs have been closed.
  bool sync_failed() const { return sync_failed_; }
  // Leaves the WAL where it is when this, the last connection, is closed.
  void keep_wal();
  // From now on every commit of this connection stores in `pages` how many the WAL holds that were
  // written since it last began anew. `pages` must outlive the connection.
  void report_wal_pages(std::atomic<int>& pages);

 private:
  explicit Database(sqlite3* connection) : connection_(connection) {}
  sqlite3* connection_;
  bool sync_failed_ = false;
};

// Rolled back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace monitor::storage
