// incident.io's webhooks about a customer's own incidents and alerts (its public status pages have
// no webhooks). https://docs.incident.io/api-reference/webhooks , types and fields:
// https://api.incident.io/v1/openapiV3.json , https://docs.incident.io/integrations/webhooks
// {"event_type": T, T: {...}}: the key of what is told is its type. Told of are incidents
// (public_incident.incident_*) and alerts (public_alert.*); private ones carry an id alone,
// follow-ups, actions, escalations, memberships and schedules are no news of a disturbance.
// What varies: the incident stands in T itself or, where its status changed, in T.incident beside
// message, new_status and previous_status; severity, incident_type, summary and permalink may be
// missing; version 1 has `status` as a word. Names of statuses and severities are the customer's,
// categories of statuses are not. There is no id of an update: that is a header (webhook-id).
#include <algorithm>
#include <array>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/severity.h"

namespace monitor::status {

extern const Format kIncidentIo;

namespace {

json::View payload_of(json::View body) { return body[body["event_type"].text()]; }

// Others have event_type too (Better Stack: "incident"), but no dot in it.
bool recognises(json::View body) {
  return body["event_type"].text().find('.') != std::string_view::npos &&
         payload_of(body).is_object();
}

// ---- what is affected: the customer's own fields, told from others by their names

bool names_a_service(json::View field) {
  constexpr std::array<std::string_view, 4> kSigns{"service", "component", "system", "product"};
  const std::string name = bare_word(field["name"]);
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return name.find(sign) != std::string::npos; });
}

void add_service(std::vector<Component>& components, json::View value) {
  const std::string name =
      first_name({value["value_catalog_entry"]["name"], value["value_option"]["value"],
                  value["value_text"], value["catalog_entry"]["name"], value["label"]});
  if (!name.empty() && components.size() < kMaxComponents) {
    components.push_back({first_id({value["value_catalog_entry"]["id"], value["value_option"]["id"],
                                    value["catalog_entry"]["id"]}),
                          name, std::nullopt});
  }
}

// `entries` are an incident's custom_field_entries or an alert's attributes.
std::vector<Component> services_in(json::View entries) {
  std::vector<Component> components;
  for (std::size_t i = 0; entries.is_array() && i < entries.size(); ++i) {
    const json::View entry = entries.at(i);
    if (!names_a_service(entry["custom_field"]) && !names_a_service(entry["attribute"])) {
      continue;
    }
    add_service(components, entry["value"]);
    for (const json::View list : {entry["values"], entry["array_value"]}) {
      for (std::size_t k = 0; list.is_array() && k < list.size(); ++k) {
        add_service(components, list.at(k));
      }
    }
  }
  return components;
}

// ---- incidents

struct Told {
  std::string_view type;
  json::View payload;
  json::View incident;
  json::View status;  // an object with name and category, or in version 1 a word
};

Told told_in(json::View body) {
  Told told;
  told.type = body["event_type"].text();
  told.payload = payload_of(body);
  told.incident = told.payload["incident"].is_object() ? told.payload["incident"] : told.payload;
  for (const json::View status : {told.payload["new_status"], told.incident["incident_status"]}) {
    if (status.is_object()) {
      told.status = status;
      return told;
    }
  }
  told.status = told.incident["status"];
  return told;
}

// https://docs.incident.io/api-reference/incident-statuses-v1/list : learning is what comes after a
// disturbance (reviews, follow-ups); declined, merged and canceled ones were none of their own.
// Triage, live and paused ones are open; how far they are only their names tell, of which these are
// those that incident.io suggests.
State state_of_incident(json::View status) {
  constexpr Words<State, 6> kCategoriesThatAreOver{{
      {"learning", State::resolved},
      {"closed", State::resolved},
      {"declined", State::resolved},
      {"merged", State::resolved},
      {"canceled", State::resolved},
      {"cancelled", State::resolved},
  }};
  constexpr Words<State, 5> kNames{{
      {"fixing", State::identified},
      {"identified", State::identified},
      {"mitigating", State::identified},
      {"mitigated", State::monitoring},
      {"monitoring", State::monitoring},
  }};
  const std::string name = bare_word(status.is_string() ? status : status["name"]);
  const std::string category = bare_word(status["category"]);
  const auto over = find_word(kCategoriesThatAreOver, category.empty() ? name : category);
  return over ? *over : find_word(kNames, name).value_or(State::investigating);
}

// "Mail is late (Fixing)", in the customer's words; but of what is reviewed that it is over.
std::string title_with_status(const StatusUpdate& update, json::View status) {
  const std::string name = name_text(status.is_string() ? status : status["name"]);
  const bool reviewed = bare_word(status["category"]) == "learning";
  return update.name.empty() || name.empty() || reviewed ? title_message(update)
                                                         : update.name + " (" + name + ")";
}

// The message of the update, else what stands about the incident as a whole.
std::string message_of(const StatusUpdate& update, const Told& told) {
  std::string text = message_text(told.payload["message"]);
  if (!text.empty()) {
    return text;
  }
  const std::string title = title_with_status(update, told.status);
  const bool status_alone = told.payload["new_status"].present();
  return status_alone ? title : joined(title, message_text(told.incident["summary"]));
}

// "Resolved at" among the times that the customer keeps.
std::optional<system::Time> time_named(json::View incident, std::string_view wanted) {
  const json::View list = incident["incident_timestamp_values"];
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    if (bare_word(list.at(i)["incident_timestamp"]["name"]) == wanted) {
      return first_time(list.at(i)["value"], {"value"});
    }
  }
  return std::nullopt;
}

// A rehearsal is told, so that it can be one, but weighs nothing.
bool is_rehearsal(json::View incident) {
  const std::string mode = bare_word(incident["mode"]);
  return mode == "test" || mode == "tutorial";
}

StatusUpdate read_incident(const Told& told, const Origin& origin) {
  const json::View incident = told.incident;
  StatusUpdate update;
  update.name = name_text(incident["name"]);
  update.incident_id = first_id({incident["id"], incident["reference"], incident["permalink"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"incident", update.name, incident["created_at"].text()});
  }
  update.url = url_text(incident["permalink"]);
  update.state = state_of_incident(told.status);
  update.impact = severity_impact(incident["severity"]["name"]).value_or(kUnratedImpact);
  update.components = services_in(incident["custom_field_entries"]);
  update.message = message_of(update, told);
  if (is_rehearsal(incident)) {
    update.impact = Impact::none;
    update.message = "Test incident: " + update.message;
  }
  update.created_at = first_time(incident, {"created_at"});
  if (is_over(update.state)) {
    update.resolved_at = time_named(incident, "resolvedat");
  }
  set_happened_at(update, first_time(incident, {"updated_at", "created_at"}), origin);
  update.update_id = digest({told.type, incident["updated_at"].text(), bare_word(told.status),
                             bare_word(told.status["name"]), update.message});
  return update;
}

// ---- alerts

Impact impact_of_alert(json::View attributes) {
  for (std::size_t i = 0; attributes.is_array() && i < attributes.size(); ++i) {
    const std::string name = bare_word(attributes.at(i)["attribute"]["name"]);
    const auto impact = severity_impact(attributes.at(i)["value"]["label"]);
    if (impact && (name == "priority" || name == "severity")) {
      return *impact;
    }
  }
  return kUnratedImpact;
}

StatusUpdate read_alert(const Told& told, const Origin& origin) {
  const json::View alert = told.payload;
  const std::string condition = bare_word(alert["status"]);
  const bool over = condition.empty() ? told.type.find("resolved") != std::string_view::npos
                                      : condition == "resolved";
  StatusUpdate update;
  update.name = name_text(alert["title"]);
  update.incident_id = first_id({alert["id"], alert["deduplication_key"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"alert", update.name, alert["created_at"].text()});
  }
  update.url = url_text(alert["source_url"]);
  update.state = over ? State::resolved : State::investigating;
  update.impact = impact_of_alert(alert["attributes"]);
  update.components = services_in(alert["attributes"]);
  const std::string text = joined(update.name, message_text(alert["description"]));
  update.message = text.empty() ? title_message(update) : told_as(update.state, text);
  update.created_at = first_time(alert, {"created_at"});
  if (over) {
    update.resolved_at = first_time(alert, {"resolved_at"});
  }
  set_happened_at(
      update,
      update.resolved_at ? update.resolved_at : first_time(alert, {"updated_at", "created_at"}),
      origin);
  update.update_id = digest(
      {word(update.state), alert["created_at"].text(), over ? alert["resolved_at"].text() : ""});
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const Told told = told_in(body);
  if (told.type.starts_with("public_incident.incident_")) {
    return {read_incident(told, origin)};
  }
  if (told.type.starts_with("public_alert.alert_")) {
    return {read_alert(told, origin)};
  }
  return {};
}

}  // namespace

const Format kIncidentIo{
    .name = "incidentio",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "incident.io",
};

}  // namespace monitor::status
