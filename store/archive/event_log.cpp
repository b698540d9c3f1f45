#include "store/archive/event_log.h"

#include <algorithm>
#include <utility>

namespace monitor::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO events(stream, seq, ends_seq, provider, json) VALUES(?1, ?2, ?3, ?4, ?5) "
    "RETURNING place";
constexpr std::string_view kDrop =
    "DELETE FROM events WHERE place <= (SELECT max(place) FROM events) - ?1 RETURNING stream, seq";
constexpr std::string_view kMarkDropped =
    "INSERT INTO events_dropped(stream, seq) VALUES(?1, ?2) "
    "ON CONFLICT(stream) DO UPDATE SET seq = max(seq, excluded.seq)";

}  // namespace

EventLog::EventLog(storage::Database& database)
    : keep_(database.prepare(kKeep)),
      drop_(database.prepare(kDrop)),
      mark_dropped_(database.prepare(kMarkDropped)) {}

void EventLog::begin(std::uint64_t behind) {
  tells_ = behind <= static_cast<std::uint64_t>(kEventsKept);
  added_.clear();
  dropped_.clear();
}

void EventLog::add(const status::StatusUpdate& update) {
  if (!tells_) {
    std::uint64_t& seq = dropped_[update.stream];
    seq = std::max(seq, update.seq);
    return;
  }
  if (!added_.empty() && added_.back().stream == update.stream && added_.back().seq == update.seq) {
    added_.back().ends_seq = false;
  }
  added_.push_back({.place = 0,
                    .stream = update.stream,
                    .seq = update.seq,
                    .ends_seq = true,
                    .provider = update.provider,
                    .json = status::to_json(update)});
}

News EventLog::write() {
  for (Event& event : added_) {
    keep(event);
  }
  if (!added_.empty()) {
    drop_old();
  }
  const bool complete = dropped_.empty() || tells_;
  write_dropped();
  return {std::exchange(added_, {}), complete};
}

void EventLog::keep(Event& event) {
  keep_.bind(1, event.stream).bind(2, static_cast<std::int64_t>(event.seq));
  keep_.bind(3, std::int64_t{event.ends_seq}).bind(4, event.provider).bind(5, event.json);
  event.place = keep_.run_for_integer().value();
}

void EventLog::drop_old() {
  drop_.bind(1, kEventsKept);
  while (drop_.step()) {
    std::uint64_t& seq = dropped_[std::string(drop_.text(0))];
    seq = std::max(seq, static_cast<std::uint64_t>(drop_.integer(1)));
  }
}

void EventLog::write_dropped() {
  for (const auto& [stream, seq] : dropped_) {
    mark_dropped_.bind(1, stream).bind(2, static_cast<std::int64_t>(seq)).run();
  }
}

}  // namespace monitor::store
