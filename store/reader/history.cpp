#include "store/reader/history.h"

#include "store/columns.h"
#include "store/severity.h"

namespace monitor::store {
namespace {

using status::State;

// A maintenance lasts from when it was told to have begun; where that was never told, from when it
// was planned to. What is over has not changed before it ended.
constexpr std::string_view kIncidents =
    "SELECT i.impact, i.resolved_at, CASE i.kind WHEN 'maintenance' THEN "
    "coalesce((SELECT min(u.happened_at) FROM updates u WHERE u.incident = i.id "
    "AND u.status IN ('in_progress', 'verifying')), i.scheduled_for, i.created_at) "
    "ELSE i.created_at END FROM incidents i WHERE i.kind <> 'component' AND i.id IN "
    "(SELECT id FROM incidents WHERE provider = ?1 AND updated_at >= ?2 "
    "UNION SELECT id FROM incidents WHERE provider = ?1 AND over = 0) "
    "AND i.status <> 'scheduled'";

// Each word of a component lasts until its next. Of those before the time in question only the last
// of each counts.
constexpr std::string_view kComponents =
    "SELECT u.status, u.happened_at, "
    "lead(u.happened_at) OVER (PARTITION BY u.incident ORDER BY u.happened_at, u.id) "
    "FROM incidents i JOIN updates u ON u.incident = i.id "
    "WHERE i.provider = ?1 AND i.kind = 'component' AND u.happened_at >= coalesce("
    "(SELECT max(b.happened_at) FROM updates b WHERE b.incident = i.id AND b.happened_at < ?2), 0)";

// Those that were told of since, or are not well.
constexpr std::string_view kEntries = " AND (i.updated_at >= ?2 OR i.over = 0)";

}  // namespace

Strip::Strip(system::Time now)
    : now_(now),
      first_(std::chrono::floor<std::chrono::days>(now) - std::chrono::days(kHistoryDays - 1)) {
  worst_.fill(State::operational);
}

void Strip::mark(system::Time begin, std::optional<system::Time> end, State state) {
  const auto last = std::chrono::floor<std::chrono::days>(std::min(end.value_or(now_), now_));
  auto day = std::max(std::chrono::floor<std::chrono::days>(begin), first_);
  for (; day <= last; day += std::chrono::days(1)) {
    State& worst = worst_[static_cast<std::size_t>((day - first_).count())];
    worst = worse_of(worst, state);
  }
}

std::vector<DayRecord> Strip::days() const {
  constexpr std::size_t kDate = std::string_view("2026-02-20").size();
  std::vector<DayRecord> days;
  for (int day = 0; day < kHistoryDays; ++day) {
    const State worst = worst_[static_cast<std::size_t>(day)];
    if (worst != State::operational) {
      const system::Time begin = first_ + std::chrono::days(day);
      days.push_back(
          {system::to_rfc3339_seconds(begin).substr(0, kDate), std::string(word(worst))});
    }
  }
  return days;
}

History::History(const storage::Database& database)
    : incidents_(database.prepare(kIncidents)),
      components_(database.prepare(std::string(kComponents) + std::string(kEntries))) {}

std::vector<DayRecord> History::of(std::string_view provider, system::Time now) {
  Strip strip(now);
  mark_incidents(strip, provider);
  mark_components(strip, provider);
  return strip.days();
}

void History::mark_incidents(Strip& strip, std::string_view provider) {
  incidents_.bind(1, provider).bind(2, system::to_microseconds(strip.begin()));
  while (incidents_.step()) {
    strip.mark(time_at(incidents_, 2), maybe_time_at(incidents_, 1),
               state_by_impact(incidents_.text(0)));
  }
}

void History::mark_components(Strip& strip, std::string_view provider) {
  components_.bind(1, provider).bind(2, system::to_microseconds(strip.begin()));
  while (components_.step()) {
    strip.mark(time_at(components_, 1), maybe_time_at(components_, 2),
               component_state(components_.text(0)));
  }
}

}  // namespace monitor::store
