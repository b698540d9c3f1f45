#include "store/reader/incident_list.h"

#include <fmt/format.h>

#include <variant>
#include <vector>

#include "lib/status/update.h"
#include "store/columns.h"
#include "store/reader/links.h"

namespace monitor::store {
namespace {

constexpr std::string_view kColumns =
    "SELECT i.id, i.provider, coalesce(p.name, i.provider), i.incident_id, i.kind, i.name, "
    "i.status, i.impact, i.url, i.message, i.created_at, i.updated_at, i.resolved_at, "
    "i.scheduled_for, i.scheduled_until, i.test FROM ";
constexpr std::string_view kProviders = " LEFT JOIN providers p ON p.slug = i.provider ";

constexpr std::string_view kOfComponent =
    " AND i.id IN (SELECT x.incident FROM components c "
    "JOIN incident_components x ON x.component = c.id WHERE {0} "
    "UNION SELECT o.id FROM components c JOIN incidents o ON o.component = c.id WHERE {0})";

// What is planned for a time that has gone by, and was never told of again, is not to come.
constexpr std::string_view kUpcoming =
    "WHERE i.kind = 'maintenance' AND i.over = 0 AND (i.status <> 'scheduled' OR "
    "coalesce(i.scheduled_until, i.scheduled_for, i.updated_at) >= ?1) "
    "AND (?2 = '' OR i.provider = ?2) "
    "AND (coalesce(i.scheduled_for, i.created_at), i.id) > (?3, ?4) "
    "ORDER BY coalesce(i.scheduled_for, i.created_at), i.id LIMIT ?5";

// More combinations of filters than people and boards use; beyond, statements are made anew.
constexpr std::size_t kMostStatements = 64;

// The SQL of a query, each condition text of ours, and the values that are bound in it.
class ListSql {
 public:
  explicit ListSql(const IncidentQuery& query) : searches_(!query.words.empty()) {
    sql_ = fmt::format("{}{}{}WHERE 1", kColumns,
                       searches_ ? "search s JOIN incidents i ON i.id = s.rowid" : "incidents i",
                       kProviders);
    search(query);
    equals("i.provider", query.provider);
    equals("i.kind", query.kind);
    equals("i.status", query.status);
    equals("i.impact", query.impact);
    component(query);
    state(query);
    times(query);
    page(query);
  }

  const std::string& sql() const { return sql_; }
  void bind(storage::Statement& statement) const {
    int index = 0;
    for (const auto& value : values_) {
      ++index;
      std::visit([&](const auto& one) { statement.bind(index, one); }, value);
    }
  }

 private:
  void add(std::string_view condition, std::variant<std::int64_t, std::string> value) {
    sql_ += condition;
    values_.push_back(std::move(value));
  }
  void equals(std::string_view column, const std::string& value) {
    if (!value.empty()) {
      add(fmt::format(" AND {} = ?", column), value);
    }
  }
  // The provider stands in the index of words too, so that one's few incidents are not looked for
  // among all that have common words.
  void search(const IncidentQuery& query) {
    if (searches_) {
      add(" AND search MATCH ?",
          query.provider.empty()
              ? fmt::format("text : ({})", query.words)
              : fmt::format("text : ({}) AND provider : \"{}\"", query.words, query.provider));
    }
  }
  void component(const IncidentQuery& query) {
    if (query.component.empty()) {
      return;
    }
    const bool one = !query.provider.empty();
    sql_ += fmt::format(kOfComponent, fmt::format("{0} c.component_id = ? OR {0} c.name = ?",
                                                  one ? "c.provider = ? AND" : ""));
    for (int i = 0; i < 4; ++i) {
      if (one) {
        values_.emplace_back(query.provider);
      }
      values_.emplace_back(query.component);
    }
  }
  void state(const IncidentQuery& query) {
    sql_ += query.components ? "" : " AND i.kind <> 'component'";
    // Literals, so that SQLite sees that the index of open incidents will do.
    const auto state = status::state_from_word(query.status);
    sql_ += state && !is_over(*state) ? " AND i.over = 0" : "";
    sql_ += !query.active ? "" : *query.active ? " AND i.over = 0" : " AND i.over = 1";
    // With these filters the incident that a component is part of may not be in the list.
    const bool once = query.active.value_or(false) && query.kind.empty() && query.status.empty() &&
                      query.impact.empty();
    sql_ += once ? fmt::format(" AND NOT {}", is_part_of_incident()) : "";
  }
  void times(const IncidentQuery& query) {
    if (query.since) {
      add(" AND i.updated_at >= ?", system::to_microseconds(*query.since));
    }
    if (query.until) {
      add(" AND i.updated_at < ?", system::to_microseconds(*query.until));
    }
  }
  void page(const IncidentQuery& query) {
    if (query.after && searches_) {
      add(" AND s.rowid < ?", query.after->row);
    } else if (query.after) {
      add(" AND (i.updated_at, i.id) < (?,", query.after->at);
      add(" ?)", query.after->row);
    }
    sql_ += searches_ ? " ORDER BY s.rowid DESC" : " ORDER BY i.updated_at DESC, i.id DESC";
    add(" LIMIT ?", std::int64_t{query.limit} + 1);  // one more tells whether there is a next page
  }

  bool searches_;
  std::string sql_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

IncidentPage page_of(storage::Statement& row, int limit) {
  IncidentPage page;
  while (row.step()) {
    page.incidents.push_back(incident_at(row));
  }
  if (page.incidents.size() > static_cast<std::size_t>(limit)) {
    page.incidents.pop_back();
    const IncidentRecord& last = page.incidents.back();
    page.next = Position{system::to_microseconds(last.updated_at), last.row};
  }
  return page;
}

}  // namespace

std::string select_incidents() { return fmt::format("{}incidents i{}", kColumns, kProviders); }

IncidentRecord incident_at(const storage::Statement& row) {
  return {.row = row.integer(0),
          .provider = text_at(row, 1),
          .provider_name = text_at(row, 2),
          .id = text_at(row, 3),
          .kind = text_at(row, 4),
          .name = text_at(row, 5),
          .status = text_at(row, 6),
          .impact = text_at(row, 7),
          .url = text_at(row, 8),
          .message = text_at(row, 9),
          .created_at = time_at(row, 10),
          .updated_at = time_at(row, 11),
          .resolved_at = maybe_time_at(row, 12),
          .scheduled_for = maybe_time_at(row, 13),
          .scheduled_until = maybe_time_at(row, 14),
          .test = row.integer(15) != 0,
          .components = {},
          .incident_ids = {}};
}

IncidentPage IncidentList::read(const IncidentQuery& query) {
  const ListSql sql(query);
  storage::Statement& row = prepared(sql.sql());
  sql.bind(row);
  return page_of(row, query.limit);
}

IncidentPage IncidentList::upcoming(const MaintenanceQuery& query, system::Time now) {
  const Position after = query.after.value_or(Position{});
  storage::Statement& row = prepared(select_incidents() + std::string(kUpcoming));
  row.bind(1, system::to_microseconds(now)).bind(2, query.provider);
  row.bind(3, after.at).bind(4, after.row).bind(5, std::int64_t{query.limit} + 1);
  IncidentPage page = page_of(row, query.limit);
  if (page.next) {
    const IncidentRecord& last = page.incidents.back();
    page.next->at = system::to_microseconds(last.scheduled_for.value_or(last.created_at));
  }
  return page;
}

storage::Statement& IncidentList::prepared(const std::string& sql) {
  if (statements_.size() >= kMostStatements && !statements_.contains(sql)) {
    statements_.clear();
  }
  const auto found = statements_.find(sql);
  return found != statements_.end()
             ? found->second
             : statements_.emplace(sql, database_.prepare(sql)).first->second;
}

}  // namespace monitor::store
