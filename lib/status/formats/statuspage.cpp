// Atlassian Statuspage, and pages that write as it does. What is documented:
// https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/ . What is sent
// differs: page has no name or URL, `components` may be missing, updates may stand in any order,
// one body mixes page-local times with UTC. So no field is needed but one that tells what the body
// is; a bare incident (as the API and archives have it) is read as well, and
// "scheduled_maintenance" or "maintenance" for "incident", as the API and hand-made bodies have it.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/statuspage_shape.h"
#include "lib/status/text.h"

namespace monitor::status {

extern const Format kStatuspage;

namespace {

constexpr std::array<std::string_view, 3> kIncidentKeys{"incident", "scheduled_maintenance",
                                                        "maintenance"};
constexpr IncidentKeys kKeys{"incident_updates", "incident_id", "shortlink"};

// ---- whose body is it

// Signs of senders that use some of our keys: Instatus (page.url, maintenance_updates, capitals),
// Better Stack and incident.io (event_type), Hund v1 (client), Google Cloud (version), those who
// watch others (monitor, service), others (event, type, data).
bool is_foreign(json::View body) {
  constexpr std::array<std::string_view, 8> kForeign{"event_type", "event",   "type",    "data",
                                                     "client",     "version", "monitor", "service"};
  const json::View page = body["page"];
  return std::any_of(kForeign.begin(), kForeign.end(),
                     [&](std::string_view key) { return body[key].present(); }) ||
         (page["url"].is_string() && !page["name"].is_string()) ||
         is_in_capitals(page["status_indicator"]);
}

bool is_incident(json::View value) {
  return value.is_object() && !value["maintenance_updates"].present() &&
         !is_in_capitals(value["status"]) &&
         (!value["id"].scalar().empty() || !value["name"].text().empty() ||
          value["incident_updates"].is_array() || state_of(value["status"]));
}

bool is_bare_incident(json::View body) {
  return is_incident(body) && !body["incident"].present() &&
         (body["incident_updates"].is_array() ||
          (body["shortlink"].is_string() && body["impact"].is_string()));
}

// The incident or maintenance in `body`, wherever it stands; missing when there is none.
json::View incident_in(json::View body) {
  for (const std::string_view key : kIncidentKeys) {
    if (is_incident(body[key])) {
      return body[key];
    }
  }
  return is_bare_incident(body) ? body : json::View();
}

bool recognises(json::View body) {
  if (!body.is_object() || is_foreign(body)) {
    return false;
  }
  const json::View word = component_word(body);
  return incident_in(body).present() || (word.present() && !is_in_capitals(word));
}

// "incident" and "component" are words of many; these are Statuspage's.
bool shows_itself(json::View body) {
  return body["page"].is_object() || body["meta"].is_object() ||
         body["component_update"].is_object() ||
         count_keys(incident_in(body), {"incident_updates", "shortlink", "impact", "page_id"}) > 0;
}

// ---- components

// "No components were affected by this update." stands in the list where others have a component.
bool is_placeholder(const std::string& name) {
  return to_slug(name).starts_with("no-components-were-affected");
}

std::optional<State> component_state(json::View value) {
  const auto state = state_of(value);
  return state && is_component_state(*state) ? state : std::nullopt;
}

std::optional<Component> read_component(json::View value) {
  Component component;
  component.id = id_text(value["id"].present() ? value["id"] : value["code"]);
  component.name = name_text(value.is_string() ? value : value["name"]);
  component.state =
      component_state(value["status"].is_string() ? value["status"] : value["new_status"]);
  if (component.name.empty()) {
    component.name = component.id;
  }
  const bool usable = !component.name.empty() && !is_placeholder(component.name);
  return usable ? std::optional(std::move(component)) : std::nullopt;
}

// ---- incidents

Kind kind_of(json::View incident, json::View latest) {
  const auto own_state = state_of(incident["status"]);
  const auto state = own_state ? own_state : state_of(latest["status"]);
  const bool maintenance = impact_of(incident["impact"]) == Impact::maintenance ||
                           (state && is_maintenance_state(*state)) ||
                           first_time(incident, {"scheduled_for"}).has_value();
  return maintenance ? Kind::maintenance : Kind::incident;
}

// The word as this kind of incident uses it: a maintenance that is told of as an incident keeps to
// its own words.
std::optional<State> incident_state(json::View value, Kind kind) {
  const auto state = state_of(value);
  if (!state || is_component_state(*state)) {
    return std::nullopt;
  }
  if (is_maintenance_state(*state) == (kind == Kind::maintenance)) {
    return state;
  }
  if (kind == Kind::incident) {
    return std::nullopt;
  }
  return is_over(*state)               ? State::completed
         : *state == State::monitoring ? State::verifying
                                       : State::in_progress;
}

State state_now(json::View incident, json::View latest, Kind kind) {
  if (const auto state = incident_state(incident["status"], kind)) {
    return *state;
  }
  if (first_time(incident, {"resolved_at"})) {
    return kind == Kind::maintenance ? State::completed : State::resolved;
  }
  return incident_state(latest["status"], kind)
      .value_or(kind == Kind::maintenance ? State::scheduled : State::investigating);
}

Impact impact_now(json::View incident, const StatusUpdate& update) {
  for (const std::string_view key : {"impact", "impact_override"}) {
    if (const auto impact = impact_of(incident[key])) {
      return *impact;
    }
  }
  return update.kind == Kind::maintenance ? Impact::maintenance : impact_of(update.components);
}

StatusUpdate read_incident(json::View body, json::View incident, const Origin& origin) {
  const std::vector<Entry> entries = updates_of(incident, kKeys);
  const json::View latest = latest_of(entries);
  const bool top_level_maintenance = !is_incident(body["incident"]) && !is_bare_incident(body);
  StatusUpdate update = begin_incident(body, incident, entries, kKeys, origin);
  update.kind = top_level_maintenance ? Kind::maintenance : kind_of(incident, latest);
  update.state = state_now(incident, latest, update.kind);
  update.components = components_in(incident["components"], read_component);
  if (update.components.empty()) {
    update.components = components_in(latest["affected_components"], read_component);
  }
  update.impact = impact_now(incident, update);
  tell_apart(update, incident_state(latest["status"], update.kind));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.scheduled_for = first_time(incident, {"scheduled_for"});
  update.scheduled_until = first_time(incident, {"scheduled_until"});
  update.history = history_of(entries, {"id", "body", [kind = update.kind](json::View entry) {
                                          return incident_state(entry["status"], kind);
                                        }});
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const json::View incident = incident_in(body);
  std::vector<StatusUpdate> updates;
  updates.push_back(incident.present() ? read_incident(body, incident, origin)
                                       : read_component_change(body, origin, component_state));
  return updates;
}

}  // namespace

const Format kStatuspage{
    .name = "statuspage",
    // The documented sample says organization_id where real bodies say page_id.
    .page_id_paths = {"/page/id", "/page_id", "/incident/page_id", "/component/page_id",
                      "/scheduled_maintenance/page_id", "/maintenance/page_id",
                      "/incident/organization_id"},
    .name_paths = {"/page/name"},
    .url_paths = {"/meta/unsubscribe", "/page/url", "/page/domain"},
    .recognises = recognises,
    .read = read,
    .shows_itself = shows_itself,
};

}  // namespace monitor::status
