#include "store/reader/provider_reader.h"

#include <algorithm>

#include "lib/status/update.h"
#include "store/columns.h"
#include "store/severity.h"

namespace monitor::store {
namespace {

using status::State;

constexpr std::string_view kChanged = "SELECT slug, revision FROM providers WHERE revision > ?1";
constexpr std::string_view kProvider =
    "SELECT name, first_heard_at, last_heard_at FROM providers WHERE slug = ?1";
constexpr std::string_view kComponents =
    "SELECT component_id, name, status FROM components WHERE provider = ?1 "
    "ORDER BY status = 'operational', name, id LIMIT ?2";
// What is planned is not open.
constexpr std::string_view kOpen =
    "SELECT incident_id, kind, name, status, impact, created_at, updated_at FROM incidents "
    "WHERE provider = ?1 AND over = 0 AND kind <> 'component' AND status <> 'scheduled' "
    "ORDER BY CASE impact WHEN 'critical' THEN 0 WHEN 'major' THEN 1 WHEN 'maintenance' THEN 3 "
    "ELSE 2 END, updated_at DESC, id DESC LIMIT ?2";

int severity_in(const ComponentRecord& component) {
  return severity_of(component_state(component.status));
}

// The worst comes first in both lists.
std::string status_of(const ProviderView& view) {
  State worst = State::operational;
  if (!view.components.empty()) {
    worst = component_state(view.components.front().status);
  }
  for (const IncidentRecord& incident : view.open) {
    worst = worse_of(worst, state_by_impact(incident.impact));
  }
  return std::string(word(worst));
}

}  // namespace

ProviderReader::ProviderReader(const storage::Database& database)
    : history_(database),
      changed_(database.prepare(kChanged)),
      provider_(database.prepare(kProvider)),
      components_(database.prepare(kComponents)),
      components_total_(database.prepare("SELECT count(*) FROM components WHERE provider = ?1")),
      open_(database.prepare(kOpen)),
      tallies_(database.prepare("SELECT count(*) FROM tallies WHERE provider = ?1")) {}

std::vector<std::string> ProviderReader::changed(std::int64_t& revision) {
  std::vector<std::string> slugs;
  changed_.bind(1, revision);
  while (changed_.step()) {
    slugs.push_back(text_at(changed_, 0));
    revision = std::max(revision, changed_.integer(1));
  }
  return slugs;
}

std::optional<std::string> ProviderReader::name(std::string_view slug) {
  const bool known = provider_.bind(1, slug).step();
  const auto name = known ? std::optional(text_at(provider_, 0)) : std::nullopt;
  provider_.reset();
  return name;
}

std::optional<ProviderView> ProviderReader::view(std::string_view slug, system::Time now) {
  if (!provider_.bind(1, slug).step()) {
    return std::nullopt;
  }
  ProviderView view{.slug = std::string(slug),
                    .name = text_at(provider_, 0),
                    .status = std::string(kUnknown),
                    .first_heard_at = time_at(provider_, 1),
                    .last_heard_at = time_at(provider_, 2),
                    .open = open_of(slug),
                    .components = components_of(slug),
                    .components_total = count(components_total_, slug),
                    .history = history_.of(slug, now)};
  provider_.reset();
  if (count(tallies_, slug) > 0) {
    view.status = status_of(view);
  }
  return view;
}

std::vector<ComponentRecord> ProviderReader::components_of(std::string_view slug) {
  std::vector<ComponentRecord> components;
  components_.bind(1, slug).bind(2, kMostComponents);
  while (components_.step()) {
    components.push_back(
        {text_at(components_, 0), text_at(components_, 1), text_at(components_, 2)});
  }
  std::stable_sort(components.begin(), components.end(),
                   [](const ComponentRecord& a, const ComponentRecord& b) {
                     return severity_in(a) > severity_in(b);
                   });
  return components;
}

std::vector<IncidentRecord> ProviderReader::open_of(std::string_view slug) {
  std::vector<IncidentRecord> open;
  open_.bind(1, slug).bind(2, kMostOpen);
  while (open_.step()) {
    IncidentRecord incident;
    incident.provider = slug;
    incident.id = text_at(open_, 0);
    incident.kind = text_at(open_, 1);
    incident.name = text_at(open_, 2);
    incident.status = text_at(open_, 3);
    incident.impact = text_at(open_, 4);
    incident.created_at = time_at(open_, 5);
    incident.updated_at = time_at(open_, 6);
    open.push_back(std::move(incident));
  }
  return open;
}

std::int64_t ProviderReader::count(storage::Statement& statement, std::string_view slug) {
  return statement.bind(1, slug).run_for_integer().value();
}

}  // namespace monitor::store
