#include "receiver/journal.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <utility>

#include "lib/system/error.h"

namespace monitor::receiver {
namespace {

constexpr std::int64_t kSchemaVersion = 1;
constexpr const char kFileName[] = "/journal.db";
// A real webhook has 1 to 8 KiB: so it fits a page, and a group commit writes few of them.
constexpr int kPageSize = 16384;

std::int64_t single(const storage::Database& database, const char* sql) {
  storage::Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

// 16 letters and digits: 82 random bits, so that no two journals ever share a name.
std::string random_stream() {
  constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  if (sodium_init() < 0) {
    system::fail("make a stream id", "libsodium found no source of random numbers");
  }
  std::string stream;
  for (int i = 0; i < 16; ++i) {
    stream += kAlphabet[randombytes_uniform(static_cast<std::uint32_t>(kAlphabet.size()))];
  }
  return stream;
}

[[noreturn]] void refuse(const std::string& path, const storage::Error& error) {
  system::fail(fmt::format("use the journal {}", path),
               fmt::format("{} (if it is damaged: move it away, a new one is begun, and what "
                           "subscribers had not fetched is lost)",
                           error.what()));
}

storage::Database open(const std::string& path) {
  try {
    return storage::Database::open(path, storage::Database::Mode::read_write,
                                   storage::Database::Durability::full, kPageSize);
  } catch (const storage::Error& error) {
    refuse(path, error);
  }
}

}  // namespace

Journal::Journal(const std::string& directory)
    : path_(directory + kFileName), database_(open(path_)) {
  try {
    prepare_schema();
  } catch (const storage::Error& error) {
    refuse(path_, error);
  }
}

void Journal::prepare_schema() {
  const std::int64_t version = single(database_, "PRAGMA user_version");
  if (version != 0 && version != kSchemaVersion) {
    system::fail(fmt::format("use the journal {}", path_),
                 fmt::format("it has version {}, this program knows {}", version, kSchemaVersion));
  }
  // Checkpoints would stop a commit for tens of milliseconds; Checkpointer does them beside it.
  // (Reporting the size of the WAL takes the place of SQLite's own checkpoints.)
  database_.report_wal_pages(wal_pages_);
  // Debian's SQLite writes zeros over what is deleted: retention would cost as much as appending.
  database_.execute("PRAGMA secure_delete=OFF");
  if (version == 0) {
    storage::Transaction transaction(database_);
    database_.execute(
        "CREATE TABLE events(seq INTEGER PRIMARY KEY, received_at INTEGER NOT NULL,"
        " format TEXT NOT NULL, provider TEXT NOT NULL, provider_name TEXT NOT NULL,"
        " test INTEGER NOT NULL, body BLOB NOT NULL);"
        "CREATE TABLE stream(id TEXT NOT NULL);"
        "PRAGMA user_version=1");
    database_.prepare("INSERT INTO stream(id) VALUES(?1)").bind(1, random_stream()).run();
    transaction.commit();
  }
  page_size_ = static_cast<std::uint64_t>(single(database_, "PRAGMA page_size"));
  storage::Statement stream = database_.prepare("SELECT id FROM stream");
  if (!stream.step()) {
    system::fail(fmt::format("use the journal {}", path_), "it has no stream id");
  }
  stream_ = stream.text(0);
  last_seq_ = static_cast<std::uint64_t>(single(database_, "SELECT max(seq) FROM events"));
  const std::int64_t first = single(database_, "SELECT min(seq) FROM events");
  first_seq_ = first > 0 ? static_cast<std::uint64_t>(first) : last_seq_ + 1;
  insert_.emplace(
      database_.prepare("INSERT INTO events(seq, received_at, format, provider, provider_name,"
                        " test, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
}

std::uint64_t Journal::bytes() {
  const std::int64_t pages =
      single(database_, "PRAGMA page_count") - single(database_, "PRAGMA freelist_count");
  return static_cast<std::uint64_t>(pages) * page_size_;
}

std::optional<system::Time> Journal::oldest_at() {
  storage::Statement oldest =
      database_.prepare("SELECT received_at FROM events ORDER BY seq LIMIT 1");
  return oldest.step() ? std::optional(system::from_microseconds(oldest.integer(0))) : std::nullopt;
}

std::optional<system::Time> Journal::newest_at() {
  storage::Statement newest =
      database_.prepare("SELECT received_at FROM events ORDER BY seq DESC LIMIT 1");
  return newest.step() ? std::optional(system::from_microseconds(newest.integer(0))) : std::nullopt;
}

std::uint64_t Journal::wal_bytes() const {
  return static_cast<std::uint64_t>(wal_pages_) * page_size_;
}

std::optional<std::string> Journal::append(std::span<feed::Event* const> events) {
  std::uint64_t seq = last_seq_;
  try {
    storage::Transaction transaction(database_);
    for (feed::Event* event : events) {
      event->stream = stream_;
      event->seq = ++seq;
      insert(*event);
    }
    transaction.commit();
  } catch (const storage::Error& error) {
    return error.what();
  }
  last_seq_ = seq;
  for (const feed::Event* event : events) {
    appended_bytes_ += event->body.size();
  }
  return std::nullopt;
}

void Journal::insert(const feed::Event& event) {
  insert_->bind(1, static_cast<std::int64_t>(event.seq))
      .bind(2, system::to_microseconds(event.received_at))
      .bind(3, event.format)
      .bind(4, event.provider)
      .bind(5, event.provider_name)
      .bind(6, std::int64_t{event.test})
      .bind_blob(7, event.body)
      .run();
}

std::uint64_t Journal::retire(const Keep& keep, system::Time now, std::uint64_t most) {
  const auto end = end_of_retired(keep, now, most);
  if (!end) {
    return 0;
  }
  database_.prepare("DELETE FROM events WHERE seq < ?1")
      .bind(1, static_cast<std::int64_t>(*end))
      .run();
  return *end - std::exchange(first_seq_, *end);
}

// The seq before which everything may go now.
std::optional<std::uint64_t> Journal::end_of_retired(const Keep& keep, system::Time now,
                                                     std::uint64_t most) {
  const std::uint64_t furthest = std::min(first_seq_ + most, last_seq_);
  if (first_seq_ >= last_seq_) {
    return std::nullopt;
  }
  if (bytes() > keep.bytes) {
    return furthest;
  }
  storage::Statement young = database_.prepare(
      "SELECT seq FROM events WHERE seq >= ?1 AND seq < ?2 AND received_at >= ?3 "
      "ORDER BY seq LIMIT 1");
  young.bind(1, static_cast<std::int64_t>(first_seq_))
      .bind(2, static_cast<std::int64_t>(furthest))
      .bind(3, system::to_microseconds(now - keep.age));
  const std::uint64_t end = young.step() ? static_cast<std::uint64_t>(young.integer(0)) : furthest;
  return end > first_seq_ ? std::optional(end) : std::nullopt;
}

JournalReader::JournalReader(const std::string& path, std::string stream)
    : stream_(std::move(stream)),
      database_(storage::Database::open(path, storage::Database::Mode::read_only)),
      bounds_(
          database_.prepare("SELECT (SELECT min(seq) FROM events), (SELECT max(seq) FROM events)")),
      range_(
          database_.prepare("SELECT seq, received_at, format, provider, provider_name, test, body "
                            "FROM events WHERE seq >= ?1 ORDER BY seq LIMIT ?2")) {}

JournalReader::Bounds JournalReader::bounds() {
  Bounds bounds;
  if (bounds_.step() && !bounds_.is_null(0)) {
    bounds = {static_cast<std::uint64_t>(bounds_.integer(0)),
              static_cast<std::uint64_t>(bounds_.integer(1))};
  }
  bounds_.reset();
  return bounds;
}

std::vector<feed::Event> JournalReader::read(std::uint64_t from, std::uint64_t most,
                                             std::uint64_t bytes) {
  std::vector<feed::Event> events;
  std::uint64_t filled = 0;
  range_.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(most));
  while (filled < bytes && range_.step()) {
    events.push_back({.stream = stream_,
                      .seq = static_cast<std::uint64_t>(range_.integer(0)),
                      .received_at = system::from_microseconds(range_.integer(1)),
                      .format = std::string(range_.text(2)),
                      .provider = std::string(range_.text(3)),
                      .provider_name = std::string(range_.text(4)),
                      .test = range_.integer(5) != 0,
                      .body = std::string(range_.text(6))});
    filled += events.back().body.size();
  }
  range_.reset();
  return events;
}

}  // namespace monitor::receiver
