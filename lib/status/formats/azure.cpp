// Azure Monitor action groups: Service Health, Resource Health and alerts.
// https://learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts-webhook
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
// https://learn.microsoft.com/azure/service-health/service-health-notifications-properties
// Two schemas tell the same: data.context.activityLog (its own) and data.essentials with
// data.alertContext (the common one, whose alertContext also comes alone). What varies: the
// spelling of incidentType and stage, monitorCondition (Resolved while the stage is Active: the
// stage counts), impactedServices (JSON inside a string), levels (words or numbers), seven digits
// of a second. Activity log alerts of other sources (Administrative, Security ...) are about the
// customer's own doings and are left alone.
#include <algorithm>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"
#include "lib/status/time.h"

namespace monitor::status {

extern const Format kAzure;

namespace {

enum class Shape { unknown, service_health, resource_health, alert };

struct Notice {
  json::View log;  // activityLog or alertContext: what surrounds `properties`
  json::View properties;
  json::View essentials;  // of the common schema, else missing
  Shape shape = Shape::unknown;
};

// ---- what was delivered

bool is_service_health(json::View properties) {
  return count_keys(properties, {"trackingId", "incidentType", "communication", "communicationId",
                                 "impactedServices", "impactStartTime", "stage"}) >= 2;
}

bool is_resource_health(json::View properties) {
  return count_keys(properties, {"currentHealthStatus", "previousHealthStatus"}) >= 1;
}

bool is_alert(json::View essentials) {
  return count_keys(essentials, {"alertId", "originAlertId", "alertRule", "severity",
                                 "monitorCondition", "monitoringService", "firedDateTime"}) >= 2;
}

Notice notice_in(json::View body) {
  const json::View data = body["data"];
  const json::View logs[] = {data["context"]["activityLog"], data["alertContext"],
                             body["alertContext"]};
  Notice notice;
  notice.essentials = data["essentials"];
  for (const json::View log : logs) {
    const json::View properties = log["properties"];
    if (is_service_health(properties) || is_resource_health(properties)) {
      notice.log = log;
      notice.properties = properties;
      notice.shape = is_service_health(properties) ? Shape::service_health : Shape::resource_health;
      return notice;
    }
  }
  notice.log = data["alertContext"];
  notice.shape = is_alert(notice.essentials) ? Shape::alert : Shape::unknown;
  return notice;
}

bool recognises(json::View body) { return notice_in(body).shape != Shape::unknown; }

// ---- what all have

std::optional<system::Time> time_of(const Notice& notice) {
  for (const auto& time : {first_time(notice.log, {"eventTimestamp", "submissionTimestamp"}),
                           first_time(notice.essentials, {"resolvedDateTime", "firedDateTime"})}) {
    if (time) {
      return time;
    }
  }
  return std::nullopt;
}

// "/subscriptions/.../virtualMachines/web-1" -> "web-1".
std::string resource_name(json::View id) {
  const std::string_view text = id.text();
  const std::size_t slash = text.rfind('/');
  return cut(to_line(slash == std::string_view::npos ? text : text.substr(slash + 1)), kMaxName);
}

// ---- service health

enum class Type { incident, maintenance, advisory, review };

constexpr Words<Type, 14> kTypes{{
    {"incident", Type::incident},
    {"serviceissue", Type::incident},
    {"maintenance", Type::maintenance},
    {"plannedmaintenance", Type::maintenance},
    {"information", Type::advisory},
    {"informational", Type::advisory},
    {"actionrequired", Type::advisory},
    {"healthadvisory", Type::advisory},
    {"security", Type::advisory},
    {"securityadvisory", Type::advisory},
    {"billing", Type::advisory},
    {"emergingissues", Type::incident},
    {"rca", Type::review},
    {"pir", Type::review},
}};

constexpr Words<State, 8> kMaintenanceStages{{
    {"planned", State::scheduled},
    {"scheduled", State::scheduled},
    {"rescheduled", State::scheduled},
    {"inprogress", State::in_progress},
    {"complete", State::completed},
    {"completed", State::completed},
    {"resolved", State::completed},
    {"canceled", State::completed},
}};

constexpr Words<State, 9> kIncidentStages{{
    {"active", State::investigating},
    {"resolved", State::resolved},
    {"mitigated", State::resolved},
    {"complete", State::resolved},
    {"completed", State::resolved},
    {"canceled", State::resolved},
    {"rca", State::postmortem},
    {"pir", State::postmortem},
    {"postincidentreview", State::postmortem},
}};

std::string stage_of(const Notice& notice) {
  const json::View stage = notice.properties["stage"];
  std::string word = bare_word(stage.text().empty() ? notice.log["status"] : stage);
  return word == "cancelled" ? "canceled" : word;
}

// "Active" says no more than that it is not over.
State maintenance_state(const Notice& notice, system::Time now) {
  if (const auto state = find_word(kMaintenanceStages, stage_of(notice))) {
    return *state;
  }
  const auto start = first_time(notice.properties, {"impactStartTime"});
  return stage_of(notice) == "active" && start && *start <= now ? State::in_progress
                                                                : State::scheduled;
}

// Reviews come as Active information about what is long mitigated, and nothing closes them.
bool is_review(const Notice& notice, Type type, system::Time now) {
  const auto mitigated = first_time(notice.properties, {"impactMitigationTime"});
  return type == Type::review || (type == Type::advisory && mitigated && *mitigated <= now);
}

State incident_state(const Notice& notice, Type type, system::Time now) {
  const State state = find_word(kIncidentStages, stage_of(notice)).value_or(State::investigating);
  return state == State::investigating && is_review(notice, type, now) ? State::postmortem : state;
}

// Of incidents only: https://learn.microsoft.com/azure/service-health/service-health-overview has
// no word for how bad an advisory is. Levels as numbers are not documented and not read.
Impact incident_impact(const Notice& notice) {
  constexpr Words<Impact, 2> kLevels{{{"critical", Impact::critical}, {"error", Impact::major}}};
  const auto level = find_word(kLevels, bare_word(notice.log["level"]));
  const json::View many = notice.properties["isHIR"];  // "high incident rate"
  const bool is_many = bare_word(many) == "true" || many.boolean().value_or(false);
  return level.value_or(is_many ? Impact::major : kUnratedImpact);
}

void add_service(std::vector<Component>& components, json::View service) {
  const std::string name = name_text(service["ServiceName"]);
  const json::View regions = service["ImpactedRegions"];
  if (name.empty()) {
    return;
  }
  std::size_t added = 0;
  for (std::size_t i = 0; i < regions.size() && components.size() < kMaxComponents; ++i) {
    const std::string region = name_text(regions.at(i)["RegionName"]);
    if (!region.empty()) {
      components.push_back({"", name + " (" + region + ")", std::nullopt});
      ++added;
    }
  }
  if (added == 0 && components.size() < kMaxComponents) {
    components.push_back({"", name, std::nullopt});
  }
}

std::vector<Component> services_of(json::View properties) {
  const json::View field = properties["impactedServices"];
  const auto document = json::Document::parse(field.text());
  const json::View list = document ? document->root() : field;
  std::vector<Component> components;
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    add_service(components, list.at(i));
  }
  const std::string service = name_text(properties["service"]);
  if (components.empty() && !service.empty()) {
    const std::string region = name_text(properties["region"]);
    components.push_back(
        {"", region.empty() ? service : service + " (" + region + ")", std::nullopt});
  }
  return components;
}

void set_stage(StatusUpdate& update, const Notice& notice) {
  const json::View properties = notice.properties;
  const auto start = first_time(properties, {"impactStartTime"});
  const auto end = first_time(properties, {"impactMitigationTime"});
  const Type type =
      find_word(kTypes, bare_word(properties["incidentType"])).value_or(Type::incident);
  update.created_at = start;
  if (type == Type::maintenance) {
    update.kind = Kind::maintenance;
    update.impact = Impact::maintenance;
    update.state = maintenance_state(notice, update.happened_at);
    update.scheduled_for = start;
    update.scheduled_until = end;
  } else {
    update.impact = type == Type::incident ? incident_impact(notice) : Impact::none;
    update.state = incident_state(notice, type, update.happened_at);
  }
  if (is_over(update.state)) {
    update.resolved_at = end;
  }
}

StatusUpdate read_service_health(const Notice& notice, const Origin& origin) {
  const json::View properties = notice.properties;
  StatusUpdate update;
  update.name = first_name({properties["title"], properties["defaultLanguageTitle"]});
  update.incident_id = id_text(properties["trackingId"]);
  if (update.incident_id.empty()) {
    update.incident_id =
        made_id({"health", properties["service"].text(), properties["region"].text(),
                 properties["impactStartTime"].text()});
  }
  set_happened_at(update, time_of(notice), origin);
  set_stage(update, notice);
  update.components = services_of(properties);
  update.message =
      first_message({properties["communication"], properties["defaultLanguageContent"]});
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.update_id = id_text(properties["communicationId"]);
  if (update.update_id.empty()) {
    update.update_id =
        digest({stage_of(notice), notice.log["eventTimestamp"].text(), update.message});
  }
  return update;
}

// ---- resource health: the state of one resource of the customer

StatusUpdate read_resource_health(const Notice& notice, const Origin& origin) {
  const json::View properties = notice.properties;
  const json::View now = properties["currentHealthStatus"];
  const json::View resource = notice.log["resourceId"].present()
                                  ? notice.log["resourceId"]
                                  : notice.essentials["alertTargetIDs"].at(0);
  StatusUpdate update;
  update.kind = Kind::component;
  update.incident_id = id_text(resource);
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"resource", notice.log["resourceGroupName"].text()});
  }
  update.name = resource_name(resource);
  if (update.name.empty()) {
    update.name = "Resource";
  }
  update.state = service_state(now).value_or(State::degraded_performance);
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  update.message =
      joined(first_message({properties["title"]}), message_text(properties["details"]));
  if (update.message.empty() || is_over(update.state)) {  // the text is that of the fault
    update.message =
        joined(service_change(now, properties["previousHealthStatus"]), update.message);
  }
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  set_happened_at(update, time_of(notice), origin);
  update.update_id = first_id({notice.log["eventDataId"]});
  return update;
}

// ---- alerts

constexpr Words<Impact, 5> kSeverities{{
    {"sev0", Impact::critical},
    {"sev1", Impact::major},
    {"sev2", Impact::minor},
    {"sev3", Impact::none},
    {"sev4", Impact::none},
}};

// Alerts on an activity log are never resolved, so they are over at once:
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview
State alert_state(json::View essentials) {
  const bool never_closed = bare_word(essentials["monitoringService"]).starts_with("activitylog");
  const bool resolved = bare_word(essentials["monitorCondition"]) == "resolved";
  return resolved || never_closed ? State::resolved : State::investigating;
}

std::vector<Component> targets_of(json::View essentials) {
  std::vector<Component> components;
  for (const std::string_view key : {"configurationItems", "alertTargetIDs"}) {
    const json::View list = essentials[key];
    for (std::size_t i = 0; i < list.size() && components.size() < kMaxComponents; ++i) {
      if (std::string name = resource_name(list.at(i)); !name.empty()) {
        components.push_back({id_text(list.at(i)), std::move(name), std::nullopt});
      }
    }
    if (!components.empty()) {
      break;
    }
  }
  return components;
}

StatusUpdate read_alert(const Notice& notice, const Origin& origin) {
  const json::View essentials = notice.essentials;
  const auto resolved_at = first_time(essentials, {"resolvedDateTime"});
  StatusUpdate update;
  update.name = name_text(essentials["alertRule"]);
  update.incident_id = first_id({essentials["alertId"], essentials["originAlertId"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"alert", update.name, essentials["alertTargetIDs"].at(0).text()});
  }
  update.state = alert_state(essentials);
  update.impact =
      find_word(kSeverities, bare_word(essentials["severity"])).value_or(kUnratedImpact);
  update.components = targets_of(essentials);
  update.created_at = first_time(essentials, {"firedDateTime"});
  const bool over = is_over(update.state);
  set_happened_at(update, over && resolved_at ? resolved_at : update.created_at, origin);
  if (over) {
    update.resolved_at = resolved_at;
  }
  const std::string text = joined(update.name, message_text(essentials["description"]));
  update.message = text.empty() ? title_message(update) : told_as(update.state, text);
  update.update_id = digest({word(update.state), essentials["firedDateTime"].text(),
                             over ? essentials["resolvedDateTime"].text() : ""});
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const Notice notice = notice_in(body);
  std::vector<StatusUpdate> updates;
  switch (notice.shape) {
    case Shape::service_health:
      updates.push_back(read_service_health(notice, origin));
      break;
    case Shape::resource_health:
      updates.push_back(read_resource_health(notice, origin));
      break;
    case Shape::alert:
      updates.push_back(read_alert(notice, origin));
      break;
    case Shape::unknown:
      break;
  }
  return updates;
}

}  // namespace

const Format kAzure{"azure", {}, {}, {}, recognises, read, "Azure"};

}  // namespace monitor::status
