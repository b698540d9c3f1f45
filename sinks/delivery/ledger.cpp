#include "sinks/delivery/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

// `due`: to be delivered again. `waiting`: one row an incident (or update), in the order of the
// latest update of each; `updates` counts all of them. `facts`: numbers and texts by name.
constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS dead_letters(
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, stream TEXT NOT NULL,
  seq INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS due_letters(id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS waiting(
  n INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL UNIQUE, updates INTEGER NOT NULL,
  json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS memory(
  n INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::string_view kBury =
    "INSERT INTO dead_letters(key, stream, seq, at, reason, json) VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
constexpr std::string_view kDrop =
    "DELETE FROM dead_letters WHERE id <= "
    "(SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1 OFFSET ?1)";
// The latest of an incident takes the place of the one before, at the end of the line.
constexpr std::string_view kWait =
    "INSERT OR REPLACE INTO waiting(place, updates, json) VALUES(?1, "
    "1 + coalesce((SELECT updates FROM waiting WHERE place = ?1), 0), ?2)";
constexpr std::string_view kRemember =
    "INSERT OR REPLACE INTO memory(incident, text) VALUES(?1, ?2)";

storage::Database with_tables(storage::Database database) {
  database.execute(kTables);
  return database;
}

std::optional<system::Time> time_of(std::int64_t microseconds) {
  return microseconds == 0 ? std::nullopt : std::optional(system::from_microseconds(microseconds));
}

std::int64_t microseconds(const std::optional<system::Time>& time) {
  return time ? system::to_microseconds(*time) : 0;
}

}  // namespace

std::string incident_key(const status::StatusUpdate& update) {
  return fmt::format("{}/{}/{}", update.provider, word(update.kind), update.incident_id);
}

bool Batch::empty() const {
  return keys.empty() && cursors.empty() && told.empty() && redelivered.empty() && !announced &&
         !takes_history;
}

bool Batch::has(std::string_view key) const {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Ledger::Ledger(storage::Database database, std::int64_t dead_letters_kept)
    : database_(with_tables(std::move(database))),
      kept_(dead_letters_kept),
      cursors_(database_),
      seen_(database_),
      bury_(database_.prepare(kBury)),
      drop_(database_.prepare(kDrop)),
      revive_(database_.prepare("DELETE FROM dead_letters WHERE id = ?1")),
      undue_(database_.prepare("DELETE FROM due_letters WHERE id = ?1")),
      wait_(database_.prepare(kWait)),
      done_(database_.prepare("DELETE FROM waiting WHERE place = ?1")),
      next_(database_.prepare("SELECT place, json FROM waiting ORDER BY n LIMIT 1")),
      remember_(database_.prepare(kRemember)),
      forget_(database_.prepare("DELETE FROM memory WHERE n <= (SELECT max(n) FROM memory) - ?1")),
      remembered_(database_.prepare("SELECT text FROM memory WHERE incident = ?1")),
      fact_(database_.prepare("SELECT value FROM facts WHERE name = ?1")),
      set_fact_(database_.prepare("INSERT OR REPLACE INTO facts(name, value) VALUES(?1, ?2)")) {}

void Ledger::write(const Batch& batch) {
  storage::Transaction transaction(database_);
  for (const std::string& key : batch.keys) {
    seen_.add(key);
  }
  for (const std::int64_t id : batch.redelivered) {
    revive_.bind(1, id).run();
    undue_.bind(1, id).run();
  }
  for (const DeadLetter& letter : batch.dead_letters) {
    bury(letter);
  }
  if (!batch.dead_letters.empty()) {
    drop_oldest();
  }
  if (batch.announced) {
    set_fact("announced", *batch.announced ? 1 : 0);
  }
  if (batch.takes_history) {
    set_takes_history(*batch.takes_history);
  }
  keep_waiting(batch);
  remember(batch);
  for (const auto& [stream, seq] : batch.cursors) {
    cursors_.save(stream, seq);
  }
  if (batch.totals) {
    write_totals(*batch.totals);
  }
  transaction.commit();
}

void Ledger::keep_waiting(const Batch& batch) {
  for (const Waiting& one : batch.waiting) {
    wait_.bind(1, one.place).bind(2, one.json).run();
  }
  for (const std::string& place : batch.told) {
    done_.bind(1, place).run();
  }
  if (!batch.told.empty() && !next_waiting()) {
    set_fact("announced", 0);
  }
}

void Ledger::remember(const Batch& batch) {
  for (const auto& [incident, text] : batch.memory) {
    remember_.bind(1, incident).bind(2, text).run();
  }
  if (!batch.memory.empty()) {
    forget_.bind(1, kMemoriesKept).run();
  }
}

std::uint64_t Ledger::waiting_incidents() {
  return static_cast<std::uint64_t>(
      database_.prepare("SELECT count(*) FROM waiting").run_for_integer().value_or(0));
}

std::uint64_t Ledger::waiting_updates() {
  return static_cast<std::uint64_t>(
      database_.prepare("SELECT sum(updates) FROM waiting").run_for_integer().value_or(0));
}

std::optional<Waiting> Ledger::next_waiting() {
  const bool found = next_.step();
  auto waiting =
      found ? std::optional(Waiting{std::string(next_.text(0)), std::string(next_.text(1))})
            : std::nullopt;
  next_.reset();
  return waiting;
}

bool Ledger::announced() { return fact("announced") != 0; }
bool Ledger::takes_history() { return fact("takes_history") != 0; }
void Ledger::set_takes_history(bool takes) { set_fact("takes_history", takes ? 1 : 0); }

std::optional<std::string> Ledger::remembered(const std::string& incident) {
  const bool found = remembered_.bind(1, incident).step();
  auto text = found ? std::optional(std::string(remembered_.text(0))) : std::nullopt;
  remembered_.reset();
  return text;
}

Totals Ledger::totals() {
  return {.delivered = static_cast<std::uint64_t>(fact("delivered")),
          .rejected = static_cast<std::uint64_t>(fact("rejected")),
          .muted = static_cast<std::uint64_t>(fact("muted")),
          .last_success = time_of(fact("last_success")),
          .last_failure = time_of(fact("last_failure")),
          .last_reason = text_fact("last_reason")};
}

void Ledger::write_totals(const Totals& totals) {
  set_fact("delivered", static_cast<std::int64_t>(totals.delivered));
  set_fact("rejected", static_cast<std::int64_t>(totals.rejected));
  set_fact("muted", static_cast<std::int64_t>(totals.muted));
  set_fact("last_success", microseconds(totals.last_success));
  note_failure(totals);
}

void Ledger::note_failure(const Totals& totals) {
  set_fact("last_failure", microseconds(totals.last_failure));
  set_fact_.bind(1, "last_reason").bind(2, totals.last_reason).run();
}

std::int64_t Ledger::fact(std::string_view name) {
  return fact_.bind(1, name).run_for_integer().value_or(0);
}

std::string Ledger::text_fact(std::string_view name) {
  std::string text(fact_.bind(1, name).step() ? fact_.text(0) : std::string_view());
  fact_.reset();
  return text;
}

void Ledger::set_fact(std::string_view name, std::int64_t value) {
  set_fact_.bind(1, name).bind(2, value).run();
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

std::vector<DeadLetter> Ledger::dead_letters() { return letters(""); }

std::vector<DeadLetter> Ledger::due_letters() {
  return letters("WHERE id IN (SELECT id FROM due_letters)");
}

std::vector<DeadLetter> Ledger::letters(std::string_view condition) {
  std::vector<DeadLetter> letters;
  storage::Statement rows = database_.prepare(fmt::format(
      "SELECT id, key, stream, seq, at, reason, json FROM dead_letters {} ORDER BY id", condition));
  while (rows.step()) {
    letters.push_back({.id = rows.integer(0),
                       .key = std::string(rows.text(1)),
                       .stream = std::string(rows.text(2)),
                       .seq = static_cast<std::uint64_t>(rows.integer(3)),
                       .at = system::from_microseconds(rows.integer(4)),
                       .reason = std::string(rows.text(5)),
                       .json = std::string(rows.text(6))});
  }
  return letters;
}

std::int64_t Ledger::redeliver(std::optional<std::int64_t> id) {
  database_
      .prepare(
          "INSERT OR IGNORE INTO due_letters "
          "SELECT id FROM dead_letters WHERE ?1 IS NULL OR id = ?1")
      .bind(1, id)
      .run();
  return database_.changed_rows();
}

}  // namespace monitor::delivery
