#include "sinks/delivery/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

storage::Database with_table(storage::Database database) {
  database.execute(
      "CREATE TABLE IF NOT EXISTS dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT "
      "NULL, "
      "stream TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, "
      "json TEXT NOT NULL)");
  return database;
}

}  // namespace

bool Batch::has(std::string_view key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Ledger::Ledger(storage::Database database, std::int64_t dead_letters_kept)
    : database_(with_table(std::move(database))),
      kept_(dead_letters_kept),
      cursors_(database_),
      seen_(database_),
      bury_(database_.prepare("INSERT INTO dead_letters(key, stream, seq, at, reason, json) "
                              "VALUES(?1, ?2, ?3, ?4, ?5, ?6)")),
      drop_(database_.prepare("DELETE FROM dead_letters WHERE id <= "
                              "(SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1 OFFSET ?1)")) {
}

void Ledger::write(const Batch& batch) {
  storage::Transaction transaction(database_);
  for (const std::string& key : batch.keys) {
    seen_.add(key);
  }
  for (const DeadLetter& letter : batch.dead_letters) {
    bury(letter);
  }
  if (!batch.dead_letters.empty()) {
    drop_oldest();
  }
  for (const auto& [stream, seq] : batch.cursors) {
    cursors_.save(stream, seq);
  }
  transaction.commit();
}

void Ledger::bury(const DeadLetter& letter) {
  bury_.bind(1, letter.key).bind(2, letter.stream).bind(3, static_cast<std::int64_t>(letter.seq));
  bury_.bind(4, system::to_microseconds(letter.at)).bind(5, letter.reason).bind(6, letter.json);
  bury_.run();
}

void Ledger::drop_oldest() {
  drop_.bind(1, kept_).run();
  if (const std::int64_t gone = database_.changed_rows(); gone > 0) {
    system::log_warning(
        fmt::format("the {} oldest dead letters are dropped: {} are kept", gone, kept_));
  }
}

std::vector<DeadLetter> Ledger::dead_letters() {
  std::vector<DeadLetter> letters;
  storage::Statement rows =
      database_.prepare("SELECT key, stream, seq, at, reason, json FROM dead_letters ORDER BY id");
  while (rows.step()) {
    letters.push_back({.key = std::string(rows.text(0)),
                       .stream = std::string(rows.text(1)),
                       .seq = static_cast<std::uint64_t>(rows.integer(2)),
                       .at = system::from_microseconds(rows.integer(3)),
                       .reason = std::string(rows.text(4)),
                       .json = std::string(rows.text(5))});
  }
  return letters;
}

}  // namespace monitor::delivery
