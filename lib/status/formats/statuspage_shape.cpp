#include "lib/status/formats/statuspage_shape.h"

#include <algorithm>

#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

// The sender's, else one made of what stays the same from one update of the incident to the next.
std::string incident_id(json::View incident, json::View latest, const IncidentKeys& keys) {
  if (std::string id = first_id({incident["id"], latest[keys.owner_id]}); !id.empty()) {
    return id;
  }
  const std::string_view link = incident[keys.link].text();
  return link.empty() ? made_id({incident["name"].text(), incident["created_at"].scalar()})
                      : made_id({link});
}

std::string component_id(json::View component, json::View change) {
  std::string id = first_id({component["id"], change["component_id"]});
  return id.empty() ? made_id({component["name"].text()}) : id;
}

void set_time(StatusUpdate& update, std::optional<system::Time> time, json::View body,
              const Origin& origin) {
  if (!time) {
    time = first_time(body["meta"], {"generated_at"});
  }
  set_happened_at(update, time, origin);
}

std::optional<system::Time> incident_time(json::View incident, json::View latest) {
  for (const auto& time : {first_time(incident, {"updated_at"}),
                           first_time(latest, {"updated_at", "created_at", "display_at"}),
                           first_time(incident, {"created_at"})}) {
    if (time) {
      return time;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_in_capitals(json::View word) {
  const std::string_view text = word.text();
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return std::any_of(text.begin(), text.end(), upper) &&
         std::none_of(text.begin(), text.end(), lower);
}

json::View component_word(json::View body) {
  for (const json::View word :
       {body["component_update"]["new_status"], body["component"]["status"]}) {
    if (!to_line(word.text()).empty()) {
      return word;
    }
  }
  return {};
}

std::vector<Entry> updates_of(json::View incident, const IncidentKeys& keys) {
  return latest_first(incident[keys.updates], {"created_at", "display_at", "updated_at"});
}

StatusUpdate begin_incident(json::View body, json::View incident, const std::vector<Entry>& updates,
                            const IncidentKeys& keys, const Origin& origin) {
  const json::View latest = latest_of(updates);
  StatusUpdate update;
  update.incident_id = incident_id(incident, latest, keys);
  update.name = name_text(incident["name"]);
  update.url = url_text(incident[keys.link]);
  update.message = message_text(latest["body"]);
  update.update_id = id_text(latest["id"]);
  set_time(update, incident_time(incident, latest), body, origin);
  update.created_at = first_time(incident, {"created_at", "started_at"});
  update.resolved_at = first_time(incident, {"resolved_at"});
  return update;
}

bool tell_apart(StatusUpdate& update, std::optional<State> told) {
  const bool went_on = told && *told != update.state;
  if (went_on && !update.update_id.empty()) {
    update.update_id += ":" + std::string(word(update.state));
  }
  return went_on;
}

bool tells_of_component(json::View body) {
  return component_word(body).present() || !name_text(body["component"]["name"]).empty();
}

StatusUpdate read_component_change(json::View body, const Origin& origin,
                                   std::optional<State> (*state_of_word)(json::View)) {
  const json::View component = body["component"];
  const json::View change = body["component_update"];
  const json::View word_now = component_word(body);
  const auto state = state_of_word(word_now);
  StatusUpdate update;
  update.kind = Kind::component;
  update.incident_id = component_id(component, change);
  update.name = name_text(component["name"]);
  if (update.name.empty()) {
    update.name = update.incident_id;
  }
  update.state = state.value_or(State::degraded_performance);
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  update.message = change_message(state, state_of_word(change["old_status"]), name_text(word_now));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.update_id = id_text(change["id"]);
  const auto time = first_time(change, {"created_at", "updated_at"});
  set_time(update, time ? time : first_time(component, {"updated_at"}), body, origin);
  return update;
}

}  // namespace monitor::status
