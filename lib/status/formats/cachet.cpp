// Cachet 3, webhooks of one's own installation.
// https://docs.cachethq.io/v3.x/guide/webhooks and, for what each event tells,
// https://github.com/cachethq/core (src/Enums, src/Events, src/Webhooks/WebhookPayload.php,
// src/Models/WebhookSubscription.php). Two envelopes: {event, body} with the record as it is, and
// since 2026 {id, event, created_at, data: {resource, id, attributes, changes}}, whose id stays the
// same when a delivery is tried again. The old component_status_changed tells an id and two numbers
// and no time, so each delivery of it counts as a change. Statuses are numbers. Updates written
// under an incident are no event of their own. schedule_* is not sent yet (the documentation
// announces more events) and is read as a schedule's record would be: inferred. Metrics,
// subscribers (subsciber_created and subscribed_verified in the documentation) and beacons tell
// nothing of a disturbance.
#include <algorithm>
#include <array>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/sparse.h"

namespace monitor::status {

extern const Format kCachet;

namespace {

constexpr Words<State, 6> kIncidentStates{{
    {"0", State::investigating},  // "reported"
    {"1", State::investigating},
    {"2", State::identified},
    {"3", State::monitoring},  // "watching"
    {"4", State::resolved},    // "fixed"
    {"fixed", State::resolved},
}};

// 5 is "unknown".
constexpr Words<State, 5> kComponentStates{{
    {"1", State::operational},
    {"2", State::degraded_performance},
    {"3", State::partial_outage},
    {"4", State::major_outage},
    {"6", State::under_maintenance},
}};

constexpr Words<State, 3> kScheduleStates{{
    {"0", State::scheduled},
    {"1", State::in_progress},
    {"2", State::completed},
}};

// ---- what was delivered

struct Notice {
  json::View body;
  json::View record;   // the incident, component or schedule
  json::View id;       // its id
  json::View changes;  // of component_status_changed
  std::string_view event;

  bool is_of(std::string_view family) const { return event.starts_with(family); }
  bool is_deletion() const { return event.ends_with("_deleted"); }
};

Notice notice_in(json::View body) {
  Notice notice;
  notice.body = body;
  notice.event = body["event"].text();
  const json::View data = body["data"];
  if (data.is_object() && data["attributes"].is_object()) {
    notice.record = data["attributes"];
    notice.id = data["id"];
    notice.changes = data["changes"];
    return notice;
  }
  notice.record = body["body"];
  notice.changes = body["body"];
  notice.id = notice.record["id"];
  if (id_text(notice.id).empty() && notice.is_of("component_")) {
    notice.id = notice.record["component_id"];
  }
  return notice;
}

bool recognises(json::View body) {
  constexpr std::array<std::string_view, 8> kFamilies{"incident_",   "component_",  "schedule_",
                                                      "metric_",     "subscriber_", "subsciber_",
                                                      "subscribed_", "beacon_"};
  const Notice notice = notice_in(body);
  return notice.record.is_object() &&
         std::any_of(kFamilies.begin(), kFamilies.end(),
                     [&](std::string_view family) { return notice.is_of(family); });
}

// What only Cachet's records have, or its newer envelope.
bool shows_itself(json::View body) {
  const Notice notice = notice_in(body);
  return body["data"]["resource"].is_string() ||
         count_keys(notice.record, {"guid", "visible", "stickied", "component_id", "occurred_at",
                                    "scheduled_at", "component_group_id", "verified_at",
                                    "default_view", "calc_type", "metric_id", "email"}) > 0;
}

// ---- what all have

template <std::size_t N>
std::optional<State> numbered_state(const Words<State, N>& states, json::View value) {
  return find_word(states, bare_word(value.scalar()));
}

void set_ids(StatusUpdate& update, const Notice& notice) {
  update.name = name_text(notice.record["name"]);
  update.incident_id = first_id({notice.id, notice.record["guid"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({update.name, notice.record["created_at"].scalar()});
  }
  update.update_id = id_text(notice.body["id"]);
}

void set_time(StatusUpdate& update, const Notice& notice, const Origin& origin) {
  auto time = first_time(notice.record, {"deleted_at", "updated_at", "created_at"});
  // A deleted record may keep the time of its last change.
  if (notice.is_deletion() || !time) {
    const auto sent_at = first_time(notice.body, {"created_at"});
    time = sent_at ? sent_at : time;
  }
  set_happened_at(update, time, origin);
}

std::optional<Component> read_listed(json::View listed) {
  auto component = numbered_component("component", listed["id"]);
  if (component) {
    const std::string name = name_text(listed["name"]);
    component->name = name.empty() ? component->name : name;
    const auto in_incident = numbered_state(kComponentStates, listed["pivot"]["component_status"]);
    component->state =
        in_incident ? in_incident : numbered_state(kComponentStates, listed["status"]);
  }
  return component;
}

// Only where the record came with its relations, or of old with one component.
std::vector<Component> components_of(json::View record) {
  std::vector<Component> components = components_in(record["components"], read_listed);
  if (auto component = numbered_component("component", record["component_id"]);
      component && components.empty()) {
    components.push_back(std::move(*component));
  }
  return components;
}

void set_message(StatusUpdate& update, const Notice& notice) {
  // An incident that is fixed keeps the text that it was opened with.
  const std::string text = message_text(notice.record["message"]);
  update.message = update.kind == Kind::incident ? told_as(update.state, text) : text;
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  if (notice.is_deletion()) {
    set_deleted(update);
  }
}

// ---- the three that tell something

StatusUpdate read_incident(const Notice& notice, const Origin& origin) {
  StatusUpdate update;
  set_ids(update, notice);
  set_time(update, notice, origin);
  update.state =
      numbered_state(kIncidentStates, notice.record["status"]).value_or(State::investigating);
  update.components = components_of(notice.record);
  const Impact impact = impact_of(update.components);
  update.impact = impact == Impact::none ? kUnratedImpact : impact;
  update.created_at = first_time(notice.record, {"occurred_at", "created_at"});
  set_message(update, notice);
  return update;
}

StatusUpdate read_schedule(const Notice& notice, const Origin& origin) {
  StatusUpdate update;
  set_ids(update, notice);
  set_time(update, notice, origin);
  set_planned(update, first_time(notice.record, {"scheduled_at"}),
              first_time(notice.record, {"completed_at"}),
              numbered_state(kScheduleStates, notice.record["status"]));
  update.components = components_of(notice.record);
  update.created_at = first_time(notice.record, {"created_at"});
  set_message(update, notice);
  return update;
}

StatusUpdate read_component(const Notice& notice, const Origin& origin) {
  const json::View status = notice.changes["new_status"].present() ? notice.changes["new_status"]
                                                                   : notice.record["status"];
  const auto now = numbered_state(kComponentStates, status);
  StatusUpdate update;
  update.kind = Kind::component;
  set_ids(update, notice);
  set_time(update, notice, origin);
  if (update.name.empty()) {
    const auto numbered = numbered_component("component", notice.id);
    update.name = numbered ? numbered->name : "Component";
  }
  update.state = now.value_or(State::degraded_performance);
  update.message = change_message(
      now, numbered_state(kComponentStates, notice.changes["old_status"]), "Unknown status");
  if (notice.is_deletion()) {
    set_deleted(update);
  }
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const Notice notice = notice_in(body);
  std::vector<StatusUpdate> updates;
  if (notice.is_of("incident_")) {
    updates.push_back(read_incident(notice, origin));
  } else if (notice.is_of("component_")) {
    updates.push_back(read_component(notice, origin));
  } else if (notice.is_of("schedule_")) {
    updates.push_back(read_schedule(notice, origin));
  }
  return updates;
}

}  // namespace

const Format kCachet{
    .name = "cachet",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "Cachet",
    .shows_itself = shows_itself,
};

}  // namespace monitor::status
