#include "store/reader/links.h"

#include "lib/status/update.h"

namespace monitor::store {
namespace {

// `x`: a component as an incident lists it, `i`: the component's own entry; of one component when
// both bear its row of `components`.
constexpr std::string_view kIsPartOfIncident =
    "(i.kind = 'component' AND i.over = 0 AND EXISTS (SELECT 1 FROM incident_components x "
    "WHERE x.component = i.component AND x.under_way = 1))";

constexpr std::string_view kIncidents =
    "SELECT o.incident_id FROM incidents i "
    "JOIN incident_components x ON x.component = i.component AND x.under_way = 1 "
    "JOIN incidents o ON o.id = x.incident "
    "WHERE i.id = ?1 AND i.kind = 'component' AND i.over = 0 "
    "GROUP BY o.incident_id ORDER BY max(o.updated_at) DESC, o.incident_id LIMIT ?2";

constexpr std::string_view kComponents =
    "SELECT x.id, x.name, coalesce((SELECT i.status FROM incidents i "
    "WHERE ?2 AND i.component = x.component AND i.kind = 'component' "
    "AND (x.status IS NULL OR i.updated_at > x.told_at) "
    "ORDER BY i.updated_at DESC, i.id DESC LIMIT 1), x.status) "
    "FROM incident_components x WHERE x.incident = ?1 ORDER BY x.place";

bool is_open(const IncidentRecord& incident) {
  const auto state = status::state_from_word(incident.status);
  return state && !is_over(*state);
}

}  // namespace

std::string_view is_part_of_incident() { return kIsPartOfIncident; }

Links::Links(const storage::Database& database)
    : incidents_(database.prepare(kIncidents)), components_(database.prepare(kComponents)) {}

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
