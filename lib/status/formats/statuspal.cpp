// StatusPal, webhooks of the page's owner: https://docs.statuspal.io/platform/webhooks ; fields and
// types of incidents: https://statuspal.io/api-docs . A body tells no page, no id of the delivery,
// no time of the update and no text: only what stands on the page now. So an incident is told again
// when something in its body changed, and a service, which goes down today as it did yesterday,
// with each delivery. Times have no zone and are UTC. `type` is "incident" where documented and the
// severity (major, minor, scheduled) in the API. Inferred: what lies ahead, or ends in the future,
// is scheduled maintenance; what has an end is resolved.
#include <algorithm>
#include <chrono>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/sparse.h"

namespace monitor::status {

extern const Format kStatusPal;

namespace {

// How far the sender's clock may be ahead of ours: "ended now" must not look like a planned end.
constexpr std::chrono::minutes kClockSkew{5};

constexpr Words<Impact, 3> kTypes{{
    {"major", Impact::major},
    {"minor", Impact::minor},
    {"scheduled", Impact::maintenance},
}};

json::View object_in(json::View body) { return body["data"]["object"]; }

bool is_service(json::View body) {
  return body["event"].text().starts_with("service.") && body["data"]["monitored_status"].present();
}

bool is_incident(json::View body) {
  return body["event"].text().starts_with("incident.") &&
         count_keys(object_in(body),
                    {"id", "type", "l_title", "title", "service_ids", "starts_at", "ends_at"}) >= 2;
}

bool recognises(json::View body) {
  return object_in(body).is_object() && (is_service(body) || is_incident(body));
}

// The English title, else the first.
std::string title_of(json::View incident) {
  const json::View texts = incident["l_title"];
  std::string title;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string text = name_text(texts.at(i)["text"]);
    const bool english = texts.at(i)["lang"].text().starts_with("en");
    if (!text.empty() && (english || title.empty())) {
      title = std::move(text);
    }
    if (english && !title.empty()) {
      break;
    }
  }
  return title.empty() ? name_text(incident["title"]) : title;
}

std::optional<Component> read_service_id(json::View id) {
  return numbered_component("service", id);
}

void set_stage(StatusUpdate& update, json::View incident) {
  const auto start = first_time(incident, {"starts_at"});
  const auto end = first_time(incident, {"ends_at"});
  const auto type = find_word(kTypes, bare_word(incident["type"]));
  const system::Time now = update.happened_at + kClockSkew;
  if (type == Impact::maintenance || (start && *start > now) || (end && *end > now)) {
    set_planned(update, start, end);
    return;
  }
  update.impact = type.value_or(kUnratedImpact);
  update.state = end ? State::resolved : State::investigating;
  update.created_at = start;
  update.resolved_at = end;
}

// All that can change in a body.
std::string content_id(json::View body, const StatusUpdate& update) {
  const json::View incident = object_in(body);
  std::string services;
  for (const Component& service : update.components) {
    services += service.id + '\n';
  }
  return digest({body["event"].text(), update.name, incident["type"].text(),
                 incident["starts_at"].scalar(), incident["ends_at"].scalar(), services});
}

StatusUpdate read_incident(json::View body, const Origin& origin) {
  const json::View incident = object_in(body);
  StatusUpdate update;
  update.name = title_of(incident);
  update.incident_id = id_text(incident["id"]);
  if (update.incident_id.empty()) {
    update.incident_id = made_id({update.name, incident["starts_at"].scalar()});
  }
  set_happened_at(update, std::nullopt, origin);
  set_stage(update, incident);
  update.components = components_in(incident["service_ids"], read_service_id);
  update.message = title_message(update);
  if (body["event"].text() == "incident.deleted") {
    set_deleted(update);
  }
  update.update_id = content_id(body, update);
  return update;
}

StatusUpdate read_service(json::View body, const Origin& origin) {
  const json::View service = object_in(body);
  const json::View word_now = body["data"]["monitored_status"];
  const auto numbered = numbered_component("service", service["id"]);
  StatusUpdate update;
  update.kind = Kind::component;
  update.name = name_text(service["name"]);
  if (update.name.empty()) {
    update.name = numbered ? numbered->name : "Service";
  }
  update.incident_id = numbered ? numbered->id : made_id({"service", update.name});
  update.state = service_state(word_now).value_or(State::degraded_performance);
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  update.message = service_change(word_now, {});
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  set_happened_at(update, std::nullopt, origin);
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  return {is_service(body) ? read_service(body, origin) : read_incident(body, origin)};
}

}  // namespace

const Format kStatusPal{
    .name = "statuspal",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "StatusPal",
};

}  // namespace monitor::status
