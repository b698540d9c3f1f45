#include "store/archive/incident_rows.h"

#include <algorithm>
#include <string_view>

#include "lib/status/formats/fields.h"
#include "store/archive/life.h"

namespace monitor::store {
namespace {

using status::State;
using status::StatusUpdate;
using system::to_microseconds;

constexpr std::string_view kFind =
    "SELECT id, status, updated_at, created_at FROM incidents "
    "WHERE provider = ?1 AND kind = ?2 AND incident_id = ?3";

constexpr std::string_view kInsert =
    "INSERT INTO incidents(name, status, over, impact, url, message, updated_at, "
    "told_resolved_at, scheduled_for, scheduled_until, test, provider, kind, incident_id, "
    "created_at) VALUES(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?1) "
    "RETURNING id";

constexpr std::string_view kAddUpdate =
    "INSERT INTO updates(incident, key, update_id, status, over, message, happened_at, as_of, "
    "received_at, stream, seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
    "ON CONFLICT(incident, key) DO NOTHING";

// An edited text is taken from the newest body that has it. The earliest time told is the update's
// own: later ones are those of edits.
constexpr std::string_view kMendUpdate =
    "UPDATE updates SET happened_at = min(happened_at, ?5), as_of = max(as_of, ?6), "
    "status = CASE WHEN ?6 >= as_of THEN coalesce(?2, status) ELSE status END, "
    "over = CASE WHEN ?6 >= as_of THEN coalesce(?3, over) ELSE over END, "
    "message = CASE WHEN ?6 >= as_of THEN ?4 ELSE message END "
    "WHERE incident = ?7 AND key = ?1 AND (?6 > as_of OR ?5 < happened_at)";

// What a body leaves out stays as it was.
constexpr std::string_view kOverwrite =
    "UPDATE incidents SET name = coalesce(nullif(?2, ''), name), status = ?3, over = ?4, "
    "impact = ?5, url = coalesce(nullif(?6, ''), url), message = ?7, updated_at = ?8, "
    "told_resolved_at = ?9, scheduled_for = coalesce(?10, scheduled_for), "
    "scheduled_until = coalesce(?11, scheduled_until), test = ?12 WHERE id = ?1";

// An incident ended, unless its sender says when, with the first update that is over and that no
// open one follows.
constexpr std::string_view kSettleTimes =
    "UPDATE incidents SET created_at = min(created_at, ?2), resolved_at = ended FROM "
    "(SELECT CASE WHEN over THEN coalesce(told_resolved_at, "
    "(SELECT min(happened_at) FROM updates WHERE incident = ?1 AND over = 1 AND happened_at >= "
    "coalesce((SELECT max(happened_at) FROM updates WHERE incident = ?1 AND over = 0), 0)), "
    "updated_at) END AS ended FROM incidents WHERE id = ?1) "
    "WHERE id = ?1 AND (created_at > ?2 OR resolved_at IS NOT ended)";

std::optional<std::int64_t> microseconds(const std::optional<system::Time>& time) {
  return time ? std::optional(to_microseconds(*time)) : std::nullopt;
}

Order order_of(std::int64_t comes, std::int64_t stands) {
  return comes == stands ? Order::same_time : comes > stands ? Order::newer : Order::older;
}

// An entry of a history as the update that it was, so that it gets the key of its own delivery.
StatusUpdate past_update(const StatusUpdate& carrier, const status::PastUpdate& past) {
  StatusUpdate update;
  update.provider = carrier.provider;
  update.kind = carrier.kind;
  update.incident_id = carrier.incident_id;
  update.update_id = past.id;
  update.state = past.state.value_or(
      carrier.kind == status::Kind::maintenance ? State::scheduled : State::investigating);
  update.name = carrier.name;
  update.message = past.message.empty() ? status::title_message(update) : past.message;
  update.happened_at = past.happened_at.value_or(carrier.happened_at);
  update.received_at = carrier.received_at;
  update.stream = carrier.stream;
  update.seq = carrier.seq;
  return update;
}

// What a body tells of an update, at `first` and the four parameters after it.
void bind_telling(storage::Statement& statement, int first, const StatusUpdate& update,
                  std::optional<State> state, system::Time as_of) {
  if (state) {
    statement.bind(first, word(*state)).bind(first + 1, std::int64_t{is_over(*state)});
  } else {
    statement.bind_null(first).bind_null(first + 1);
  }
  statement.bind(first + 2, update.message);
  statement.bind(first + 3, to_microseconds(update.happened_at));
  statement.bind(first + 4, to_microseconds(as_of));
}

// What a body makes of its incident when it stands; parameters 2 to 12.
void bind_standing(storage::Statement& statement, const StatusUpdate& update) {
  statement.bind(2, update.name).bind(3, word(update.state));
  statement.bind(4, std::int64_t{is_over(update.state)}).bind(5, word(update.impact));
  statement.bind(6, update.url).bind(7, update.message);
  statement.bind(8, to_microseconds(update.happened_at)).bind(9, microseconds(update.resolved_at));
  statement.bind(10, microseconds(update.scheduled_for));
  statement.bind(11, microseconds(update.scheduled_until));
  statement.bind(12, std::int64_t{update.test});
}

system::Time earliest(const StatusUpdate& update) {
  system::Time time = std::min(update.happened_at, update.created_at.value_or(update.happened_at));
  for (const status::PastUpdate& past : update.history) {
    time = std::min(time, past.happened_at.value_or(time));
  }
  return time;
}

}  // namespace

IncidentRows::IncidentRows(storage::Database& database)
    : database_(database),
      components_(database),
      find_(database.prepare(kFind)),
      insert_(database.prepare(kInsert)),
      add_update_(database.prepare(kAddUpdate)),
      mend_update_(database.prepare(kMendUpdate)),
      overwrite_(database.prepare(kOverwrite)),
      settle_times_(database.prepare(kSettleTimes)) {}

Change IncidentRows::put(const StatusUpdate& told) {
  const system::Time at = effective_time(told.happened_at, told.received_at);
  if (at == told.happened_at) {
    return put(told, told.key());
  }
  StatusUpdate update = told;
  update.happened_at = at;
  return put(update, told.key());
}

Change IncidentRows::put(const StatusUpdate& update, const std::string& key) {
  const std::optional<Row> known = find(update);
  const std::int64_t row = known ? known->id : insert(update);
  const bool fresh = keep_update(row, update, key, update.state, update.happened_at);
  const std::int64_t past = keep_history(row, update);
  const bool stands = !known || stands_now(update, *known, fresh);
  const State state = stands ? update.state : known->state;
  if (known && stands) {
    overwrite(row, update);
  }
  tell_components(row, update, state, stands);
  const bool was_open = known && !is_over(known->state);
  settle_times(row, update, known, is_over(state) || !was_open);
  return {.incidents = known ? 0 : 1,
          .open = std::int64_t{!is_over(state)} - std::int64_t{was_open},
          .updates = std::int64_t{fresh} + past,
          .fresh = fresh,
          .row = row};
}

// A repeated body without a time of its own bears that of its second arrival, which says nothing.
bool IncidentRows::stands_now(const StatusUpdate& update, const Row& known, bool fresh) {
  const Order order = order_of(to_microseconds(update.happened_at), known.updated_at);
  return (fresh || update.happened_at_known) && supersedes(known.state, order, update.state);
}

void IncidentRows::tell_components(std::int64_t row, const StatusUpdate& update, State state,
                                   bool stands) {
  if (update.kind != status::Kind::component) {
    components_.tell(row, update, state);
  } else if (stands) {
    components_.tell_own(row, update);
  }
}

std::optional<IncidentRows::Row> IncidentRows::find(const StatusUpdate& update) {
  find_.bind(1, update.provider).bind(2, word(update.kind)).bind(3, update.incident_id);
  if (!find_.step()) {
    return std::nullopt;
  }
  const Row row{find_.integer(0), status::state_from_word(find_.text(1)).value_or(update.state),
                find_.integer(2), find_.integer(3)};
  find_.reset();
  return row;
}

std::int64_t IncidentRows::insert(const StatusUpdate& update) {
  bind_standing(insert_, update);
  insert_.bind(1, to_microseconds(earliest(update))).bind(13, update.provider);
  insert_.bind(14, word(update.kind)).bind(15, update.incident_id);
  return insert_.run_for_integer().value();
}

bool IncidentRows::keep_update(std::int64_t incident, const StatusUpdate& update,
                               const std::string& key, std::optional<State> state,
                               system::Time as_of) {
  add_update_.bind(1, incident).bind(2, key).bind(3, update.update_id);
  bind_telling(add_update_, 4, update, state, as_of);
  add_update_.bind(9, to_microseconds(update.received_at)).bind(10, update.stream);
  add_update_.bind(11, static_cast<std::int64_t>(update.seq)).run();
  if (database_.changed_rows() > 0) {
    return true;
  }
  mend_update_.bind(1, key).bind(7, incident);
  bind_telling(mend_update_, 2, update, state, as_of);
  mend_update_.run();
  return false;
}

std::int64_t IncidentRows::keep_history(std::int64_t incident, const StatusUpdate& update) {
  std::int64_t added = 0;
  for (const status::PastUpdate& past : update.history) {
    // With neither id nor time it can't be told from its own delivery.
    if (!past.id.empty() || past.happened_at) {
      StatusUpdate told = past_update(update, past);
      const std::string key = told.key();
      told.happened_at = effective_time(told.happened_at, told.received_at);
      added += keep_update(incident, told, key, past.state, update.happened_at);
    }
  }
  return added;
}

void IncidentRows::overwrite(std::int64_t incident, const StatusUpdate& update) {
  bind_standing(overwrite_, update);
  overwrite_.bind(1, incident).run();
}

// An incident that was open and still is has no end, and its beginning is seldom news.
void IncidentRows::settle_times(std::int64_t incident, const StatusUpdate& update,
                                const std::optional<Row>& known, bool may_have_ended) {
  const std::int64_t began = to_microseconds(earliest(update));
  if (may_have_ended || (known && began < known->created_at)) {
    settle_times_.bind(1, incident).bind(2, began).run();
  }
}

}  // namespace monitor::store
