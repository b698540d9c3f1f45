// Instatus: https://instatus.com/help/webhooks . Statuspage's shape with words in capitals and
// without separators (HASISSUES, MAJOROUTAGE, NOTSTARTEDYET), a maintenance of its own and
// page.url. That page lists the words of pages, components, incidents and maintenances, but not
// those of `impact`: read are those of components and those of Statuspage. An older copy of it has
// component_update.old_status and MINOROUTAGE, and no page.url. What a maintenance's created_at and
// duration (a text) count from is not said, so no window is read. A component change has no id: its
// time and state stand for one.
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/statuspage_shape.h"

namespace monitor::status {

extern const Format kInstatus;

namespace {

constexpr IncidentKeys kIncidentKeys{"incident_updates", "incident_id", "url"};
constexpr IncidentKeys kMaintenanceKeys{"maintenance_updates", "maintenance_id", "url"};

// ---- whose body is it

// Those who send such keys in an envelope: Better Stack and incident.io (event_type), Cachet
// (event), Google Cloud (version).
bool is_foreign(json::View body) {
  return count_keys(body, {"event_type", "event", "type", "data", "client", "version", "monitor"}) >
         0;
}

bool is_their_page(json::View page) {
  return (page["url"].is_string() && !page["name"].is_string()) ||
         is_in_capitals(page["status_indicator"]);
}

// `incident` or `maintenance` in the body.
bool is_incident(json::View value) {
  return value.is_object() &&
         count_keys(value, {"id", "name", "status", "incident_updates", "maintenance_updates"}) > 0;
}

bool has_component(json::View body) {
  return component_word(body).present() ||
         (body["component"].is_object() && body["component_update"].is_object());
}

bool has_their_words(json::View body) {
  return is_in_capitals(body["incident"]["status"]) ||
         is_in_capitals(body["maintenance"]["status"]) || is_in_capitals(component_word(body)) ||
         body["maintenance"]["maintenance_updates"].present();
}

bool recognises(json::View body) {
  return !is_foreign(body) && (is_their_page(body["page"]) || has_their_words(body)) &&
         (is_incident(body["incident"]) || is_incident(body["maintenance"]) || has_component(body));
}

// Words in capitals are no sign of one sender.
bool shows_itself(json::View body) { return body["page"].is_object() || body["meta"].is_object(); }

// ---- incidents and maintenances

constexpr Words<State, 5> kIncidentStates{{
    {"investigating", State::investigating},
    {"identified", State::identified},
    {"monitoring", State::monitoring},
    {"resolved", State::resolved},
    {"postmortem", State::postmortem},
}};

constexpr Words<State, 6> kMaintenanceStates{{
    {"notstartedyet", State::scheduled},
    {"scheduled", State::scheduled},
    {"inprogress", State::in_progress},
    {"verifying", State::verifying},
    {"completed", State::completed},
    {"resolved", State::completed},
}};

std::optional<State> state_of_word(json::View word, Kind kind) {
  return kind == Kind::maintenance ? find_word(kMaintenanceStates, bare_word(word))
                                   : find_word(kIncidentStates, bare_word(word));
}

State state_now(json::View incident, json::View latest, const StatusUpdate& update) {
  const bool maintenance = update.kind == Kind::maintenance;
  if (const auto state = state_of_word(incident["status"], update.kind)) {
    return *state;
  }
  if (update.resolved_at) {
    return maintenance ? State::completed : State::resolved;
  }
  return state_of_word(latest["status"], update.kind)
      .value_or(maintenance ? State::scheduled : State::investigating);
}

// Of an incident maintenance is no measure; of a maintenance "operational" tells nothing new.
Impact impact_now(json::View word, Kind kind) {
  const auto state = service_state(word);
  const auto told = state ? impact_of(*state) : impact_of(word);
  if (kind == Kind::maintenance) {
    return told.value_or(Impact::none) == Impact::none ? Impact::maintenance : *told;
  }
  return told.value_or(Impact::maintenance) == Impact::maintenance ? kUnratedImpact : *told;
}

StatusUpdate read_incident(json::View body, Kind kind, const Origin& origin) {
  const bool maintenance = kind == Kind::maintenance;
  const json::View incident = body[maintenance ? "maintenance" : "incident"];
  const IncidentKeys& keys = maintenance ? kMaintenanceKeys : kIncidentKeys;
  const std::vector<Entry> entries = updates_of(incident, keys);
  StatusUpdate update = begin_incident(body, incident, entries, keys, origin);
  update.kind = kind;
  update.state = state_now(incident, latest_of(entries), update);
  if (tell_apart(update, state_of_word(latest_of(entries)["status"], kind))) {
    update.message.clear();
  }
  update.impact = impact_now(incident["impact"], kind);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.history = history_of(entries, {"id", "body", [kind](json::View entry) {
                                          return state_of_word(entry["status"], kind);
                                        }});
  return update;
}

// ---- components

std::optional<State> component_state(json::View word) { return service_state(word); }

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  std::vector<StatusUpdate> updates;
  if (is_incident(body["incident"])) {
    updates.push_back(read_incident(body, Kind::incident, origin));
  } else if (is_incident(body["maintenance"])) {
    updates.push_back(read_incident(body, Kind::maintenance, origin));
  } else if (tells_of_component(body)) {
    updates.push_back(read_component_change(body, origin, component_state));
  }
  return updates;
}

}  // namespace

const Format kInstatus{
    .name = "instatus",
    .page_id_paths = {"/page/id"},
    .name_paths = {"/page/name"},
    // The unsubscribe link is Instatus's own.
    .url_paths = {"/page/url", "/incident/url", "/maintenance/url"},
    .recognises = recognises,
    .read = read,
    .shows_itself = shows_itself,
};

}  // namespace monitor::status
