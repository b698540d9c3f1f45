#include "receiver/journal.h"

#define XXH_INLINE_ALL  // its state has a size only so
#include <fmt/format.h>
#include <sodium.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "lib/storage/wal.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::receiver {
namespace {

// Version 1 had no checksums, version 2 slower ones.
constexpr std::int64_t kSchemaVersion = 3;
constexpr const char kFileName[] = "/journal.db";
// A real webhook has 1 to 8 KiB: so it fits a page, and a group commit writes few of them.
constexpr int kPageSize = 16384;
// A file up to this size is read whole at start to see whether it is damaged, which takes a tenth
// of a second; a larger one would make senders wait.
constexpr std::uint64_t kCheckedBytes = 64 << 20;

// `passed_over`: numbers up to this one are never given (again), see pass_over_lost().
constexpr const char* kLastSeq =
    "SELECT max(passed_over, coalesce((SELECT max(seq) FROM events), 0)) FROM stream";

constexpr std::string_view kColumns =
    "seq, received_at, format, provider, provider_name, test, body, checksum";

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

// Of all that is told of an event, its place in the stream included. It finds what a disk did, not
// what somebody meant to do.
class Digest {
 public:
  Digest() { XXH3_64bits_reset(&state_); }
  Digest& add(std::uint64_t number) { return add_bytes(&number, sizeof number); }
  Digest& add(std::string_view text) {
    return add(text.size()).add_bytes(text.data(), text.size());
  }
  std::int64_t value() const { return static_cast<std::int64_t>(XXH3_64bits_digest(&state_)); }

 private:
  Digest& add_bytes(const void* bytes, std::size_t size) {
    XXH3_64bits_update(&state_, bytes, size);
    return *this;
  }
  XXH3_state_t state_;
};

std::int64_t checksum_of(const feed::Event& event) {
  return Digest()
      .add(event.stream)
      .add(event.seq)
      .add(static_cast<std::uint64_t>(system::to_microseconds(event.received_at)))
      .add(event.format)
      .add(event.provider)
      .add(event.provider_name)
      .add(std::uint64_t{event.test})
      .add(event.body)
      .value();
}

// Of a row of kColumns.
feed::Event event_of(const storage::Statement& row, const std::string& stream) {
  return {.stream = stream,
          .seq = static_cast<std::uint64_t>(row.integer(0)),
          .received_at = system::from_microseconds(row.integer(1)),
          .format = std::string(row.text(2)),
          .provider = std::string(row.text(3)),
          .provider_name = std::string(row.text(4)),
          .test = row.integer(5) != 0,
          .body = std::string(row.text(6))};
}

// `checked_from`: older ones are of an earlier version, their checksums are none of ours.
bool is_sound(const storage::Statement& row, const feed::Event& event, std::uint64_t checked_from) {
  return event.seq < checked_from || row.maybe_integer(7) == checksum_of(event);
}

[[noreturn]] void refuse(const std::string& path, const storage::Error& error) {
  storage::give_up(path, error,
                   "a new journal is begun, and what subscribers had not fetched is lost");
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
    : path_(directory + kFileName),
      lost_transactions_(storage::transactions_behind_damage(path_)),
      database_(open(path_)) {
  try {
    prepare_schema();
  } catch (const storage::Error& error) {
    refuse(path_, error);
  }
}

Journal::~Journal() {
  if (copying_stopped_) {
    database_.keep_wal();
  }
}

void Journal::prepare_schema() {
  const std::int64_t version = single(database_, "PRAGMA user_version");
  if (version < 0 || version > kSchemaVersion) {
    system::fail(
        fmt::format("use {}", path_),
        fmt::format("it has version {}, this program knows {}: start the one that made it, "
                    "or move it away",
                    version, kSchemaVersion));
  }
  if (version == 0 && lost_transactions_ > 0) {
    throw storage::damaged("all that it has stands in its -wal, which is damaged");
  }
  // Checkpoints would stop a commit for tens of milliseconds; Checkpointer does them beside it.
  // (Reporting the size of the WAL takes the place of SQLite's own checkpoints.)
  database_.report_wal_pages(wal_pages_);
  // Debian's SQLite writes zeros over what is deleted: retention would cost as much as appending.
  database_.execute("PRAGMA secure_delete=OFF");
  page_size_ = static_cast<std::uint64_t>(single(database_, "PRAGMA page_size"));
  if (version > 0 && bytes() <= kCheckedBytes) {
    look_for_damage();
  }
  if (version < kSchemaVersion) {
    bring_up_to_date(version);
  }
  storage::Statement stream = database_.prepare("SELECT id FROM stream");
  if (!stream.step()) {
    throw storage::damaged("it has no stream id");
  }
  stream_ = stream.text(0);
  last_seq_ = static_cast<std::uint64_t>(single(database_, kLastSeq));
  const std::int64_t first = single(database_, "SELECT min(seq) FROM events");
  first_seq_ = first > 0 ? static_cast<std::uint64_t>(first) : last_seq_ + 1;
  check_newest();
  pass_over_lost();
  insert_.emplace(database_.prepare(
      fmt::format("INSERT INTO events({}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", kColumns)));
}

void Journal::bring_up_to_date(std::int64_t version) {
  storage::Transaction transaction(database_);
  if (version == 0) {
    database_.execute(
        "CREATE TABLE events(seq INTEGER PRIMARY KEY, received_at INTEGER NOT NULL,"
        " format TEXT NOT NULL, provider TEXT NOT NULL, provider_name TEXT NOT NULL,"
        " test INTEGER NOT NULL, body BLOB NOT NULL);"
        "CREATE TABLE stream(id TEXT NOT NULL)");
    database_.prepare("INSERT INTO stream(id) VALUES(?1)").bind(1, random_stream()).run();
  }
  if (version < 2) {
    database_.execute(
        "ALTER TABLE events ADD COLUMN checksum INTEGER;"
        "ALTER TABLE stream ADD COLUMN checked_from INTEGER NOT NULL DEFAULT 1;"
        "ALTER TABLE stream ADD COLUMN passed_over INTEGER NOT NULL DEFAULT 0");
  }
  database_.execute(
      "UPDATE stream SET checked_from = 1 + coalesce((SELECT max(seq) FROM events), 0);"
      "PRAGMA user_version=3");
  transaction.commit();
}

void Journal::look_for_damage() {
  if (const std::string finding = database_.damage(); !finding.empty()) {
    throw storage::damaged(finding);
  }
}

// The next one's number stands on it.
void Journal::check_newest() {
  storage::Statement newest =
      database_.prepare(fmt::format("SELECT {} FROM events ORDER BY seq DESC LIMIT 1", kColumns));
  const auto checked_from =
      static_cast<std::uint64_t>(single(database_, "SELECT checked_from FROM stream"));
  if (newest.step() && !is_sound(newest, event_of(newest, stream_), checked_from)) {
    throw storage::damaged("its newest event is not what was written");
  }
}

// Whoever has got an event that the damaged log took must never get another one under its number.
void Journal::pass_over_lost() {
  if (lost_transactions_ == 0) {
    return;
  }
  system::log_error(fmt::format(
      "{}-wal is damaged: {} transactions behind seq {} can't be read, {} webhooks at most; their "
      "numbers are not given again, subscribers are told that they are gone: look at the disk",
      path_, lost_transactions_, last_seq_, lost_transactions_ * kMostAtOnce));
  last_seq_ += lost_transactions_ * kMostAtOnce;
  database_.prepare("UPDATE stream SET passed_over = ?1")
      .bind(1, static_cast<std::int64_t>(last_seq_))
      .run();
}

void Journal::restart_wal() {
  if (!copying_stopped_) {
    database_.checkpoint(storage::Database::Checkpoint::restart);
    copying_stopped_ = database_.sync_failed();
  }
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
      .bind(8, checksum_of(event))
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
      checked_from_(
          static_cast<std::uint64_t>(single(database_, "SELECT checked_from FROM stream"))),
      bounds_(
          database_.prepare(fmt::format("SELECT (SELECT min(seq) FROM events), ({})", kLastSeq))),
      range_(database_.prepare(
          fmt::format("SELECT {} FROM events WHERE seq >= ?1 ORDER BY seq LIMIT ?2", kColumns))) {}

JournalReader::Bounds JournalReader::bounds() {
  Bounds bounds;
  if (bounds_.step()) {
    bounds.last = static_cast<std::uint64_t>(bounds_.integer(1));
    bounds.first =
        static_cast<std::uint64_t>(bounds_.maybe_integer(0).value_or(bounds_.integer(1) + 1));
  }
  bounds_.reset();
  return bounds;
}

std::vector<feed::Event> JournalReader::read(std::uint64_t from, std::uint64_t most,
                                             std::uint64_t bytes) {
  std::vector<feed::Event> events;
  for (bool more = most > 0; more && events.empty();) {
    const std::uint64_t next = scan(from, most, bytes, events);
    more = std::exchange(from, next) != next;
  }
  return events;
}

// Returns where to go on; `from` when nothing more comes.
std::uint64_t JournalReader::scan(std::uint64_t from, std::uint64_t most, std::uint64_t bytes,
                                  std::vector<feed::Event>& events) {
  std::uint64_t next = from;
  std::uint64_t filled = 0;
  std::uint64_t rows = 0;
  range_.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(most));
  try {
    for (; filled < bytes && range_.step(); ++rows) {
      feed::Event event = event_of(range_, stream_);
      if (!is_sound(range_, event, checked_from_)) {
        damaged_.insert(event.seq);
      } else if (event.seq >= next) {  // a damaged page may lead to one a second time
        next = event.seq + 1;
        filled += event.body.size();
        events.push_back(std::move(event));
      }
    }
    range_.reset();
  } catch (const storage::Error& error) {
    if (!error.means_damage()) {
      throw;
    }
    // The page can't be read: what is on it is tried one by one, to the end.
    if (events.empty() && next <= bounds().last) {
      damaged_.insert(next++);
    }
    return next;
  }
  return events.empty() && rows == most ? from + rows : next;
}

}  // namespace monitor::receiver
