#include "store/archive/component_rows.h"

#include <algorithm>

#include "store/archive/life.h"
#include "store/severity.h"

namespace monitor::store {
namespace {

using status::State;
using system::to_microseconds;

constexpr std::string_view kMadeUp = "made-";  // see status::made_id

// Two components of a page may bear one name: by it the first that was heard of is meant.
constexpr std::string_view kById =
    "SELECT id FROM components WHERE component_id = ?2 AND provider = ?1";
constexpr std::string_view kByName =
    "SELECT min(id) FROM components WHERE name = ?2 AND provider = ?1";
constexpr std::string_view kNameless =
    "SELECT min(id) FROM components WHERE name = ?2 AND provider = ?1 AND component_id = ''";
constexpr std::string_view kInsert =
    "INSERT INTO components(provider, component_id, name, status) "
    "VALUES(?1, ?2, ?3, 'operational') RETURNING id";

constexpr std::string_view kListed =
    "SELECT x.id, x.name, x.status, c.status, c.name FROM incident_components x "
    "JOIN components c ON c.id = x.component WHERE x.incident = ?1 ORDER BY x.place";
constexpr std::string_view kAdd =
    "INSERT INTO incident_components(incident, place, id, name, status, provider, told_at, "
    "under_way, counts, component, impact) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
    "(SELECT impact FROM incidents WHERE id = ?1))";
// A body that lists what the one before did, and one that lists nothing.
constexpr std::string_view kTellAgain =
    "UPDATE incident_components SET told_at = ?2, under_way = ?3, "
    "counts = ?4 AND status IS NOT NULL, impact = (SELECT impact FROM incidents WHERE id = ?1) "
    "WHERE incident = ?1";
constexpr std::string_view kOwnAgain =
    "UPDATE incident_components SET told_at = ?2, status = ?3 "
    "WHERE incident = ?1 AND id = ?4 AND name = ?5";
constexpr std::string_view kMark =
    "UPDATE incident_components SET under_way = ?2, counts = counts AND (?2 OR NOT under_way), "
    "impact = now.impact FROM (SELECT impact FROM incidents WHERE id = ?1) AS now "
    "WHERE incident = ?1 AND (under_way <> ?2 OR incident_components.impact <> now.impact)";

// What was said last; of what was said at the same time each word once, however many incidents say
// it.
constexpr std::string_view kTold =
    "SELECT word.column1, newest.at FROM (SELECT max(told_at) AS at FROM incident_components "
    "WHERE component = ?1 AND counts = 1) AS newest JOIN (VALUES('operational'), "
    "('under_maintenance'), ('degraded_performance'), ('partial_outage'), ('major_outage')) AS "
    "word "
    "WHERE EXISTS (SELECT 1 FROM incident_components WHERE component = ?1 AND counts = 1 "
    "AND told_at = newest.at AND status = word.column1)";
constexpr std::string_view kToldByItself =
    "SELECT status, updated_at FROM incidents WHERE component = ?1 AND kind = 'component'";
// Each impact of those under way once, however many there are.
constexpr std::string_view kImplied =
    "SELECT word.column1, (SELECT max(told_at) FROM incident_components WHERE component = ?1 "
    "AND under_way = 1 AND counts = 0 AND impact = word.column1) AS at "
    "FROM (VALUES('none'), ('minor'), ('major'), ('critical'), ('maintenance')) AS word "
    "WHERE at IS NOT NULL";

std::string_view known_id(std::string_view id) {
  return id.starts_with(kMadeUp) ? std::string_view() : id;
}

}  // namespace

ComponentRows::ComponentRows(storage::Database& database)
    : database_(database),
      by_id_(database.prepare(kById)),
      by_name_(database.prepare(kByName)),
      nameless_(database.prepare(kNameless)),
      insert_(database.prepare(kInsert)),
      adopt_(database.prepare("UPDATE components SET component_id = ?2 WHERE id = ?1")),
      rename_(database.prepare("UPDATE components SET name = ?2 WHERE id = ?1 AND name <> ?2")),
      own_(database.prepare(
          "UPDATE incidents SET component = ?2 WHERE id = ?1 AND component IS NOT ?2")),
      list_time_(
          database.prepare("SELECT told_at FROM incident_components WHERE incident = ?1 LIMIT 1")),
      listed_(database.prepare(kListed)),
      listed_by_(database.prepare("SELECT component FROM incident_components WHERE incident = ?1")),
      clear_(database.prepare("DELETE FROM incident_components WHERE incident = ?1")),
      add_(database.prepare(kAdd)),
      own_again_(database.prepare(kOwnAgain)),
      tell_again_(database.prepare(kTellAgain)),
      mark_(database.prepare(kMark)),
      told_(database.prepare(kTold)),
      told_by_itself_(database.prepare(kToldByItself)),
      implied_(database.prepare(kImplied)),
      settle_(
          database.prepare("UPDATE components SET status = ?2 WHERE id = ?1 AND status <> ?2")) {}

void ComponentRows::tell(std::int64_t incident, const status::StatusUpdate& update, State stands) {
  const bool under_way = phase_of(stands) == Phase::open;
  if (update.components.empty() || has_newer_list(incident, update)) {
    mark(incident, under_way);
    return;
  }
  // What was said before the end does not count after it; what is planned never does.
  const bool of_now = phase_of(update.state) != Phase::planned;
  const Marks marks{under_way, of_now && (under_way || is_over(update.state))};
  lists_the_same(incident, update) ? tell_again(incident, update, marks)
                                   : replace(incident, update, marks);
}

void ComponentRows::tell_own(std::int64_t entry, const status::StatusUpdate& update) {
  const std::int64_t component = row_of(update.provider, update.incident_id, update.name);
  own_.bind(1, entry).bind(2, component).run();
  if (!tell_own_again(entry, update)) {
    clear_.bind(1, entry).run();
    list(entry, update, {});
  }
  settle(component);
}

// Most words of a component are about the same one as before.
bool ComponentRows::tell_own_again(std::int64_t entry, const status::StatusUpdate& update) {
  if (update.components.size() != 1) {
    return false;
  }
  const status::Component& component = update.components.front();
  own_again_.bind(1, entry).bind(2, to_microseconds(update.happened_at));
  component.state ? own_again_.bind(3, word(*component.state)) : own_again_.bind_null(3);
  own_again_.bind(4, component.id).bind(5, component.name).run();
  return database_.changed_rows() == 1;
}

bool ComponentRows::has_newer_list(std::int64_t incident, const status::StatusUpdate& update) {
  const auto told_at = list_time_.bind(1, incident).run_for_integer();
  return told_at && *told_at > to_microseconds(update.happened_at);
}

// True too when the present state of each is what this body says: then no state changes by it.
bool ComponentRows::lists_the_same(std::int64_t incident, const status::StatusUpdate& update) {
  std::size_t place = 0;
  bool same = true;
  listed_.bind(1, incident);
  while (listed_.step()) {
    if (!same || place == update.components.size()) {
      same = false;
      continue;
    }
    const status::Component& component = update.components[place++];
    const std::string_view told = component.state ? word(*component.state) : std::string_view();
    same = told == listed_.text(2) && told == listed_.text(3) && component.id == listed_.text(0) &&
           component.name == listed_.text(1) && component.name == listed_.text(4);
  }
  return same && place == update.components.size();
}

void ComponentRows::replace(std::int64_t incident, const status::StatusUpdate& update,
                            Marks marks) {
  std::set<std::int64_t> touched = listed_by(incident);
  clear_.bind(1, incident).run();
  list(incident, update, marks);
  touched.merge(listed_by(incident));
  for (const std::int64_t component : touched) {
    settle(component);
  }
}

void ComponentRows::list(std::int64_t incident, const status::StatusUpdate& update, Marks marks) {
  std::int64_t place = 0;
  for (const status::Component& component : update.components) {
    add_.bind(1, incident).bind(2, place++).bind(3, component.id).bind(4, component.name);
    component.state ? add_.bind(5, word(*component.state)) : add_.bind_null(5);
    add_.bind(6, update.provider).bind(7, to_microseconds(update.happened_at));
    add_.bind(8, std::int64_t{marks.under_way});
    add_.bind(9, std::int64_t{marks.counts && component.state});
    add_.bind(10, row_of(update.provider, component.id, component.name)).run();
  }
}

void ComponentRows::tell_again(std::int64_t incident, const status::StatusUpdate& update,
                               Marks marks) {
  tell_again_.bind(1, incident).bind(2, to_microseconds(update.happened_at));
  tell_again_.bind(3, std::int64_t{marks.under_way}).bind(4, std::int64_t{marks.counts}).run();
  if (!marks.counts) {
    settle_those_of(incident);
  }
}

// The list stays. What was said before it ended is taken back; the last word at its end is not, by
// a later review.
void ComponentRows::mark(std::int64_t incident, bool under_way) {
  mark_.bind(1, incident).bind(2, std::int64_t{under_way}).run();
  if (database_.changed_rows() > 0) {
    settle_those_of(incident);
  }
}

void ComponentRows::settle_those_of(std::int64_t incident) {
  for (const std::int64_t component : listed_by(incident)) {
    settle(component);
  }
}

std::int64_t ComponentRows::row_of(std::string_view provider, std::string_view told_id,
                                   std::string_view name) {
  const std::string_view id = known_id(told_id);
  if (!id.empty()) {
    if (const auto row = find(by_id_, provider, id)) {
      if (!name.empty()) {
        rename_.bind(1, *row).bind(2, name).run();
      }
      return *row;
    }
    if (const auto row = find(nameless_, provider, name)) {
      adopt_.bind(1, *row).bind(2, id).run();
      return *row;
    }
  } else if (const auto row = find(by_name_, provider, name)) {
    return *row;
  }
  insert_.bind(1, provider).bind(2, id).bind(3, name.empty() ? told_id : name);
  return insert_.run_for_integer().value();
}

std::optional<std::int64_t> ComponentRows::find(storage::Statement& statement,
                                                std::string_view provider, std::string_view text) {
  return statement.bind(1, provider).bind(2, text).run_for_integer();
}

std::set<std::int64_t> ComponentRows::listed_by(std::int64_t incident) {
  std::set<std::int64_t> components;
  listed_by_.bind(1, incident);
  while (listed_by_.step()) {
    components.insert(listed_by_.integer(0));
  }
  return components;
}

void ComponentRows::settle_all() {
  storage::Statement row = database_.prepare("SELECT id FROM components");
  while (row.step()) {
    settle(row.integer(0));
  }
}

void ComponentRows::settle(std::int64_t component) {
  Word word = newest_word(component);
  if (word.state == State::operational) {
    const Word implied = worst_implied(component);
    word = implied.at > word.at ? implied : word;
  }
  settle_.bind(1, component).bind(2, status::word(word.state)).run();
}

ComponentRows::Word ComponentRows::newest_word(std::int64_t component) {
  Word newest;
  for (storage::Statement* const words : {&told_, &told_by_itself_}) {
    words->bind(1, component);
    while (words->step()) {
      const Word word{component_state(words->text(0)), words->integer(1)};
      const bool worse =
          word.at == newest.at && severity_of(word.state) > severity_of(newest.state);
      newest = word.at > newest.at || worse ? word : newest;
    }
  }
  return newest;
}

ComponentRows::Word ComponentRows::worst_implied(std::int64_t component) {
  Word worst;
  implied_.bind(1, component);
  while (implied_.step()) {
    worst.state = worse_of(worst.state, state_by_impact(implied_.text(0)));
    worst.at = std::max(worst.at, implied_.integer(1));
  }
  return worst;
}

}  // namespace monitor::store
