// Freshstatus, webhooks of a page's subscribers:
// https://ongrid.freshdesk.com/support/solutions/articles/36000493876-status-page-webhook-integration-response-interpretation-guide
// All that is known of the body is that it has event_data, and in it affected_services. The rest is
// INFERRED from what Freshstatus calls these things in its API
// (https://support.freshstatus.io/en/support/solutions/articles/50000003646-freshstatus-api-documentation):
// title, description, start_time, end_time, is_planned, scheduled_start_time, component statuses
// as two letters (OP, DP, PO, MO, UM); and from what such fields are commonly called. So each is
// looked for under several names, in event_data and around it, and none is needed. No page is
// named.
#include <algorithm>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/sparse.h"

namespace monitor::status {

extern const Format kFreshstatus;

namespace {

constexpr Words<State, 5> kCodes{{
    {"op", State::operational},
    {"dp", State::degraded_performance},
    {"po", State::partial_outage},
    {"mo", State::major_outage},
    {"um", State::under_maintenance},
}};

// Of incidents; without an "incident" in front.
constexpr Words<State, 12> kStates{{
    {"open", State::investigating},
    {"created", State::investigating},
    {"ongoing", State::investigating},
    {"investigating", State::investigating},
    {"identified", State::identified},
    {"monitoring", State::monitoring},
    {"resolved", State::resolved},
    {"closed", State::resolved},
    {"completed", State::resolved},
    {"ended", State::resolved},
    {"deleted", State::resolved},
    {"postmortem", State::postmortem},
}};

// Of maintenance.
constexpr Words<State, 14> kPlannedStates{{
    {"created", State::scheduled},
    {"scheduled", State::scheduled},
    {"planned", State::scheduled},
    {"upcoming", State::scheduled},
    {"started", State::in_progress},
    {"ongoing", State::in_progress},
    {"inprogress", State::in_progress},
    {"verifying", State::verifying},
    {"completed", State::completed},
    {"resolved", State::completed},
    {"closed", State::completed},
    {"ended", State::completed},
    {"cancelled", State::completed},
    {"deleted", State::completed},
}};

struct Notice {
  json::View body;
  json::View event;  // event_data
};

bool recognises(json::View body) {
  const json::View event = body["event_data"];
  return event.is_object() && event["affected_services"].present();
}

// ---- services

std::optional<State> service_status(json::View service) {
  for (const std::string_view key : {"new_status", "current_status", "status", "service_status"}) {
    const auto code = find_word(kCodes, bare_word(service[key]));
    if (const auto state = code ? code : service_state(service[key])) {
      return state;
    }
  }
  return std::nullopt;
}

std::vector<Component> services_of(json::View list) {
  std::vector<Component> services;
  const std::size_t count = list.is_array() ? list.size() : 1;
  for (std::size_t i = 0; i < count && services.size() < kMaxComponents; ++i) {
    const json::View entry = list.is_array() ? list.at(i) : list;
    Component service;
    service.id = first_id({entry["id"], entry["service_id"], entry["component"]});
    service.name = entry.is_string() ? name_text(entry)
                                     : first_name({entry["name"], entry["service_name"],
                                                   entry["component_name"], entry["display_name"]});
    service.state = service_status(entry);
    if (service.name.empty() && !service.id.empty()) {
      service.name = "service " + service.id;
    }
    if (!service.name.empty()) {
      services.push_back(std::move(service));
    }
  }
  return services;
}

bool all_work(const std::vector<Component>& services) {
  return !services.empty() &&
         std::all_of(services.begin(), services.end(),
                     [](const Component& service) { return service.state == State::operational; });
}

// ---- the incident

// "INCIDENT_RESOLVED", "Resolved" -> "resolved".
std::string stage_word(json::View value) {
  std::string word = bare_word(value);
  for (const std::string_view kind : {"scheduled", "planned", "incident", "maintenance"}) {
    if (word.size() > kind.size() && word.starts_with(kind)) {
      word.erase(0, kind.size());
    }
  }
  return word;
}

template <std::size_t N>
std::optional<State> told_state(const Words<State, N>& states, const Notice& notice) {
  for (const json::View word :
       {notice.event["incident_status"], notice.event["maintenance_status"], notice.event["status"],
        notice.event["state"], notice.body["event_type"], notice.body["event_name"],
        notice.body["event"], notice.event["event_type"]}) {
    if (const auto state = find_word(states, stage_word(word))) {
      return state;
    }
  }
  return std::nullopt;
}

bool is_planned(const Notice& notice) {
  const auto says_so = [](json::View word) {
    return bare_word(word).find("maintenance") != std::string::npos;
  };
  return notice.event["is_planned"].boolean().value_or(false) ||
         first_time(notice.event, {"scheduled_start_time"}) || says_so(notice.event["type"]) ||
         says_so(notice.event["event_type"]) || says_so(notice.body["event_type"]) ||
         says_so(notice.body["event_name"]) || says_so(notice.body["event"]);
}

void set_stage(StatusUpdate& update, const Notice& notice) {
  const auto end = first_time(notice.event, {"end_time", "resolved_at"});
  if (is_planned(notice)) {
    set_planned(update, first_time(notice.event, {"scheduled_start_time", "start_time"}),
                first_time(notice.event, {"scheduled_end_time", "end_time"}),
                told_state(kPlannedStates, notice));
    return;
  }
  const bool over = end || all_work(update.components);
  update.state =
      told_state(kStates, notice).value_or(over ? State::resolved : State::investigating);
  const Impact impact = impact_of(update.components);
  update.impact = impact == Impact::none ? kUnratedImpact : impact;
  update.created_at = first_time(notice.event, {"start_time", "created_at"});
  if (is_over(update.state)) {
    update.resolved_at = end;
  }
}

std::optional<system::Time> time_of(const Notice& notice, json::View latest) {
  const auto of_update = first_time(latest, {"created_at", "updated_at"});
  const auto of_event = first_time(notice.event, {"updated_at", "event_time", "timestamp"});
  const auto around = first_time(notice.body, {"event_time", "timestamp", "created_at"});
  return of_update ? of_update : of_event ? of_event : around;
}

void set_message(StatusUpdate& update, const Notice& notice, json::View latest) {
  update.message =
      first_message({latest["message"], latest["description"], notice.event["update_message"],
                     notice.event["message"], notice.event["description"]});
  if (update.message.empty()) {
    update.message = title_message(update);
  }
}

std::string names_of(const std::vector<Component>& services) {
  std::string names;
  for (const Component& service : services) {
    names += service.name + '\n';
  }
  return names;
}

void set_incident_id(StatusUpdate& update, const Notice& notice) {
  update.incident_id = first_id({notice.event["incident_id"], notice.event["maintenance_id"],
                                 notice.event["id"], notice.body["incident_id"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({update.name, notice.event["start_time"].scalar(),
                                  update.name.empty() ? names_of(update.components) : ""});
  }
}

// Without a time of the update, what it says stands in for it.
void set_update_id(StatusUpdate& update, const Notice& notice, json::View latest) {
  update.update_id = first_id({latest["id"], notice.event["update_id"], notice.body["event_id"]});
  if (update.update_id.empty() && !update.happened_at_known) {
    update.update_id = digest(
        {word(update.state), word(update.impact), update.message, names_of(update.components)});
  }
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const Notice notice{body, body["event_data"]};
  const json::View latest =
      latest_of(latest_first(notice.event["incident_updates"], {"created_at", "updated_at"}));
  StatusUpdate update;
  update.name = first_name({notice.event["title"], notice.event["incident_title"],
                            notice.event["name"], notice.event["incident_name"]});
  for (const std::string_view key : {"url", "incident_url", "status_page_url"}) {
    update.url = update.url.empty() ? url_text(notice.event[key]) : update.url;
  }
  update.components = services_of(notice.event["affected_services"]);
  set_incident_id(update, notice);
  set_happened_at(update, time_of(notice, latest), origin);
  set_stage(update, notice);
  set_message(update, notice, latest);
  set_update_id(update, notice, latest);
  return {std::move(update)};
}

}  // namespace

const Format kFreshstatus{
    "freshstatus",
    {},
    {},
    {"/event_data/url", "/event_data/incident_url", "/event_data/status_page_url"},
    recognises,
    read,
};

}  // namespace monitor::status
