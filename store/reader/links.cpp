#include "store/reader/links.h"

#include <fmt/format.h>

#include "lib/status/update.h"

namespace monitor::store {
namespace {

// `x`: a component as an incident lists it, `i`: the component's own entry. Ids that formats make
// up (status::made_id) begin with "made-": such a component has a name only.
constexpr std::string_view kById = "x.provider = i.provider AND x.id = i.incident_id";
constexpr std::string_view kByName =
    "x.provider = i.provider AND x.name = i.name AND (x.id = '' OR i.incident_id GLOB 'made-*')";

constexpr std::string_view kIsPartOfIncident =
    "(i.kind = 'component' AND i.over = 0 AND EXISTS "
    "(SELECT 1 FROM incident_components x WHERE {}))";

constexpr std::string_view kIncidents =
    "SELECT o.incident_id FROM incidents i JOIN incident_components x ON {} "
    "JOIN incidents o ON o.id = x.incident "
    "WHERE i.id = ?1 AND i.kind = 'component' AND i.over = 0 "
    "GROUP BY o.incident_id ORDER BY max(o.updated_at) DESC, o.incident_id LIMIT ?2";

constexpr std::string_view kComponents =
    "SELECT x.id, x.name, coalesce((SELECT i.status FROM incidents i "
    "WHERE ?2 AND i.kind = 'component' AND {} "
    "AND (x.status IS NULL OR i.updated_at > x.told_at) "
    "ORDER BY i.updated_at DESC, i.id DESC LIMIT 1), x.status) "
    "FROM incident_components x WHERE x.incident = ?1 ORDER BY x.place";

std::string sql(std::string_view text, const std::string& condition) {
  return fmt::format(fmt::runtime(text), condition);
}

std::string lists() { return fmt::format("(({}) OR ({}))", kById, kByName); }

// SQLite takes the indexes of what is under way only if each half says so: without them one list
// reads all components for each of its rows.
std::string lists_now() {
  return fmt::format("((x.under_way = 1 AND {}) OR (x.under_way = 1 AND {}))", kById, kByName);
}

bool is_open(const IncidentRecord& incident) {
  const auto state = status::state_from_word(incident.status);
  return state && !is_over(*state);
}

}  // namespace

std::string is_part_of_incident() { return sql(kIsPartOfIncident, lists_now()); }

Links::Links(const storage::Database& database)
    : incidents_(database.prepare(sql(kIncidents, lists_now()))),
      components_(database.prepare(sql(kComponents, lists()))) {}

std::vector<std::string> Links::incidents_of(const IncidentRecord& component) {
  std::vector<std::string> ids;
  incidents_.bind(1, component.row).bind(2, kMostLinks);
  while (incidents_.step()) {
    ids.emplace_back(incidents_.text(0));
  }
  return ids;
}

std::vector<ComponentRecord> Links::components_of(const IncidentRecord& incident) {
  std::vector<ComponentRecord> components;
  const bool follow = incident.kind != word(status::Kind::component) && is_open(incident);
  components_.bind(1, incident.row).bind(2, std::int64_t{follow});
  while (components_.step()) {
    components.push_back({std::string(components_.text(0)), std::string(components_.text(1)),
                          std::string(components_.text(2))});
  }
  return components;
}

}  // namespace monitor::store
