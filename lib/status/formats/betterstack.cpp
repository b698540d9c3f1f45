// Better Stack (once Better Uptime), status page subscriptions:
// https://betterstack.com/docs/uptime/status-pages/subscribing-to-status-updates/subscribing-with-webhooks
// Statuspage's shape with event_type in front, but incidents and maintenances have no status and no
// impact: what is known is the state of the whole page (operational, degraded, downtime or
// maintenance) and a maintenance's window. Inferred of it: an incident is over when its page is
// operational again, and is as bad as its page. So an incident that ends while another keeps the
// page down stays open until its next update. Should a body tell a status, that counts.
// A component change is documented by name only; it is read as Statuspage writes it, with the words
// of the page. Ids come as strings and as numbers.
#include <chrono>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/statuspage_shape.h"

namespace monitor::status {

extern const Format kBetterStack;

namespace {

constexpr IncidentKeys kIncidentKeys{"incident_updates", "status_report_id", "shortlink"};
constexpr IncidentKeys kMaintenanceKeys{"maintenance_updates", "status_report_id", "shortlink"};

// ---- whose body is it

// Two signs besides the type, since others may well call an event an incident.
bool is_report(json::View value, json::View page) {
  const std::size_t signs =
      count_keys(value, {"id", "name", "shortlink", "incident_updates", "maintenance_updates"});
  return value.is_object() && signs + (page.is_object() ? 1 : 0) > 1;
}

// The key that holds what is told is the event's type, as with incident.io, whose types have dots.
bool recognises(json::View body) {
  const std::string_view event = body["event_type"].text();
  if (event == "component_update") {
    return body["component_update"].is_object() || body["component"].is_object();
  }
  return (event == "incident" || event == "maintenance") && is_report(body[event], body["page"]);
}

bool shows_itself(json::View body) {
  return body["page"].is_object() || body["meta"].is_object() ||
         body["event_type"].text() == "component_update";
}

// ---- when and in what state

std::string page_word(json::View body) { return bare_word(body["page"]["status_indicator"]); }

// What is written by one action bears times that differ by the time it takes to write.
bool is_later(std::optional<system::Time> time, std::optional<system::Time> than) {
  return time && than && *time - *than > std::chrono::minutes(1);
}

std::optional<State> told_state(json::View report, json::View latest, bool (*fits)(State)) {
  for (const json::View word : {report["status"], latest["status"]}) {
    if (const auto state = state_of(word); state && fits(*state)) {
      return state;
    }
  }
  return std::nullopt;
}

// Nobody announces what is over: a new incident on an operational page affects none of what the
// page lists.
State incident_state(const StatusUpdate& update, json::View body) {
  if (update.resolved_at) {
    return State::resolved;
  }
  const json::View updates = body["incident"][kIncidentKeys.updates];
  const bool announced =
      updates.size() <= 1 && update.created_at && !is_later(update.happened_at, update.created_at);
  return page_word(body) == "operational" && !announced ? State::resolved : State::investigating;
}

State maintenance_state(const StatusUpdate& update, json::View body) {
  const system::Time now = update.happened_at;
  const auto& start = update.scheduled_for;
  if (update.scheduled_until && *update.scheduled_until <= now) {
    return State::completed;
  }
  if (start && now < *start) {
    return State::scheduled;
  }
  if (page_word(body) == "operational" && is_later(now, start)) {
    return State::completed;
  }
  return start || page_word(body) == "maintenance" ? State::in_progress : State::scheduled;
}

void set_state(StatusUpdate& update, json::View report, json::View latest, json::View body) {
  if (update.kind == Kind::maintenance) {
    update.scheduled_for = first_time(report, {"starts_at"});
    update.scheduled_until = first_time(report, {"ends_at"});
    update.state =
        told_state(report, latest, is_maintenance_state).value_or(maintenance_state(update, body));
  } else {
    update.state =
        told_state(report, latest, is_incident_state).value_or(incident_state(update, body));
  }
}

// ---- incidents and maintenances

Impact impact_now(Kind kind, json::View body) {
  constexpr Words<Impact, 2> kPages{{{"degraded", Impact::minor}, {"downtime", Impact::major}}};
  return kind == Kind::maintenance ? Impact::maintenance
                                   : find_word(kPages, page_word(body)).value_or(kUnratedImpact);
}

// A maintenance that begins and an incident that ends by themselves come with the text of the
// update before them. Told apart from that one, so that they are not taken for its repetition.
void set_change_without_text(StatusUpdate& update, std::optional<system::Time> told_at) {
  const State first = update.kind == Kind::maintenance ? State::scheduled : State::investigating;
  if (is_later(update.happened_at, told_at) && tell_apart(update, first)) {
    update.message.clear();
  }
}

StatusUpdate read_report(json::View body, Kind kind, const Origin& origin) {
  const bool maintenance = kind == Kind::maintenance;
  const json::View report = body[word(kind)];
  const IncidentKeys& keys = maintenance ? kMaintenanceKeys : kIncidentKeys;
  const std::vector<Entry> entries = updates_of(report, keys);
  const json::View latest = latest_of(entries);
  StatusUpdate update = begin_incident(body, report, entries, keys, origin);
  update.kind = kind;
  set_state(update, report, latest, body);
  update.impact = impact_now(kind, body);
  set_change_without_text(update, first_time(latest, {"updated_at", "created_at"}));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.history = history_of(
      entries, {"id", "body", [](json::View) -> std::optional<State> { return std::nullopt; }});
  return update;
}

// ---- components

std::optional<State> component_state(json::View word) {
  return bare_word(word) == "downtime" ? State::major_outage : service_state(word);
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const auto kind = kind_from_word(body["event_type"].text());
  std::vector<StatusUpdate> updates;
  if (kind) {
    updates.push_back(read_report(body, *kind, origin));
  } else if (tells_of_component(body)) {
    updates.push_back(read_component_change(body, origin, component_state));
  }
  return updates;
}

}  // namespace

const Format kBetterStack{
    .name = "betterstack",
    .page_id_paths = {"/page/id"},
    .name_paths = {"/page/name"},
    .url_paths = {"/incident/shortlink", "/maintenance/shortlink", "/page/url",
                  "/meta/unsubscribe"},
    .recognises = recognises,
    .read = read,
    .shows_itself = shows_itself,
};

}  // namespace monitor::status
