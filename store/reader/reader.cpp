#include "store/reader/reader.h"

#include <utility>

namespace monitor::store {
namespace {

constexpr std::string_view kSelectIncident =
    "SELECT i.id, i.provider, coalesce(p.name, i.provider), i.incident_id, i.kind, i.name, "
    "i.status, i.impact, i.url, i.message, i.created_at, i.updated_at, i.resolved_at, "
    "i.scheduled_for, i.scheduled_until, i.test "
    "FROM incidents i LEFT JOIN providers p ON p.slug = i.provider ";

// One moment of the database for several statements.
class Snapshot {
 public:
  explicit Snapshot(storage::Database& database) : database_(database) {
    database_.execute("BEGIN");
  }
  ~Snapshot() {
    try {
      database_.execute("ROLLBACK");
    } catch (const storage::Error&) {
      // SQLite has ended it already, for the error that is on its way.
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  storage::Database& database_;
};

std::string text(const storage::Statement& row, int column) {
  return std::string(row.text(column));
}

system::Time time(const storage::Statement& row, int column) {
  return system::from_microseconds(row.integer(column));
}

std::optional<system::Time> maybe_time(const storage::Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time(row, column));
}

IncidentRecord incident_at(const storage::Statement& row) {
  return {.row = row.integer(0),
          .provider = text(row, 1),
          .provider_name = text(row, 2),
          .id = text(row, 3),
          .kind = text(row, 4),
          .name = text(row, 5),
          .status = text(row, 6),
          .impact = text(row, 7),
          .url = text(row, 8),
          .message = text(row, 9),
          .created_at = time(row, 10),
          .updated_at = time(row, 11),
          .resolved_at = maybe_time(row, 12),
          .scheduled_for = maybe_time(row, 13),
          .scheduled_until = maybe_time(row, 14),
          .test = row.integer(15) != 0,
          .components = {},
          .incident_ids = {}};
}

// The SQL of a query and what is bound in it; each condition is text of ours, each value is bound.
class ListStatement {
 public:
  ListStatement(const storage::Database& database, const IncidentQuery& query)
      : statement_(database.prepare(sql_for(query))) {
    bind(query.provider);
    bind(query.kind);
    bind(query.status);
    bind(query.impact);
    if (query.after) {
      statement_.bind(++bound_, query.after->updated_at);
      statement_.bind(++bound_, query.after->row);
    }
    // One more tells whether there is a next page.
    statement_.bind(++bound_, std::int64_t{query.limit} + 1);
  }

  storage::Statement& statement() { return statement_; }

 private:
  static std::string sql_for(const IncidentQuery& query) {
    std::string sql = std::string(kSelectIncident) + "WHERE 1";
    sql += query.provider.empty() ? "" : " AND i.provider = ?";
    sql += query.kind.empty() ? "" : " AND i.kind = ?";
    sql += query.status.empty() ? "" : " AND i.status = ?";
    sql += query.impact.empty() ? "" : " AND i.impact = ?";
    // Literals, so that SQLite sees that the index of open incidents will do.
    sql += !query.active ? "" : *query.active ? " AND i.over = 0" : " AND i.over = 1";
    sql += shows_outages_once(query) ? " AND NOT " + std::string(is_part_of_incident()) : "";
    sql += query.after ? " AND (i.updated_at, i.id) < (?, ?)" : "";
    return sql + " ORDER BY i.updated_at DESC, i.id DESC LIMIT ?";
  }

  // With these filters the incident that a component is part of may not be in the list.
  static bool shows_outages_once(const IncidentQuery& query) {
    return query.active.value_or(false) && query.kind.empty() && query.status.empty() &&
           query.impact.empty();
  }

  void bind(const std::string& value) {
    if (!value.empty()) {
      statement_.bind(++bound_, value);
    }
  }

  storage::Statement statement_;
  int bound_ = 0;
};

}  // namespace

Reader::Reader(const std::string& path)
    : database_(storage::Database::open(path, storage::Database::Mode::read_only)),
      links_(database_) {}

IncidentPage Reader::incidents(const IncidentQuery& query) {
  const Snapshot snapshot(database_);
  IncidentPage page;
  ListStatement list(database_, query);
  while (list.statement().step()) {
    page.incidents.push_back(incident_at(list.statement()));
  }
  if (page.incidents.size() > static_cast<std::size_t>(query.limit)) {
    page.incidents.pop_back();
    const IncidentRecord& last = page.incidents.back();
    page.next = Position{system::to_microseconds(last.updated_at), last.row};
  }
  for (IncidentRecord& incident : page.incidents) {
    add_links(incident);
  }
  return page;
}

std::optional<IncidentDetail> Reader::incident(std::string_view provider, std::string_view id,
                                               std::string_view kind) {
  const Snapshot snapshot(database_);
  storage::Statement found =
      database_.prepare(std::string(kSelectIncident) +
                        "WHERE i.provider = ?1 AND i.incident_id = ?2 AND (?3 = '' OR i.kind = ?3) "
                        "ORDER BY i.kind = 'component', i.updated_at DESC, i.id DESC LIMIT 1");
  found.bind(1, provider).bind(2, id).bind(3, kind);
  if (!found.step()) {
    return std::nullopt;
  }
  IncidentDetail detail{.incident = incident_at(found), .updates = {}};
  add_links(detail.incident);
  detail.updates = updates_of(detail.incident.row);
  return detail;
}

UnrecognisedPage Reader::unrecognised(const IncidentQuery& query) {
  return read_unrecognised(database_, query);
}

Figures Reader::figures() {
  const Snapshot snapshot(database_);
  return read_figures(database_);
}

void Reader::add_links(IncidentRecord& incident) {
  incident.components = links_.components_of(incident);
  incident.incident_ids = links_.incidents_of(incident);
}

std::vector<UpdateRecord> Reader::updates_of(std::int64_t row) {
  std::vector<UpdateRecord> updates;
  storage::Statement found = database_.prepare(
      "SELECT update_id, coalesce(status, ''), message, happened_at, received_at, seq "
      "FROM updates WHERE incident = ?1 ORDER BY happened_at DESC, id DESC");
  found.bind(1, row);
  while (found.step()) {
    updates.push_back({text(found, 0), text(found, 1), text(found, 2), time(found, 3),
                       time(found, 4), static_cast<std::uint64_t>(found.integer(5))});
  }
  return updates;
}

}  // namespace monitor::store
