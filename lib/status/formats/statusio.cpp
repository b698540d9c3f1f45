// Status.io. https://kb.status.io/notifications/webhook and the same samples, older, in
// https://github.com/statusio/notifications-webhook . One flat object a message; `incident_url` or
// `maintenance_url` says which of the two it is about. Documented by samples only, so these are
// inferred: the words of current_status and current_state (those of Status.io's API libraries, such
// as https://github.com/statusio/statusio-go), that message_id names one message, and that an
// incident is known by the end of its URL (in the samples `id` differs from it). A maintenance has
// no state of its own: its window tells, which bodies of 2018 lack, as they may lack the title.
#include <string_view>
#include <unordered_map>
#include <utility>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"

namespace monitor::status {

extern const Format kStatusIo;

namespace {

bool recognises(json::View body) {
  return count_keys(body, {"incident_url", "maintenance_url", "status_page_url",
                           "infrastructure_affected", "current_status", "message_id"}) >= 3;
}

// ---- words

// "Security Event" has the highest code in Status.io's API, and says nothing of availability.
constexpr Words<Impact, 6> kImpacts{{
    {"operational", Impact::none},
    {"plannedmaintenance", Impact::maintenance},
    {"degradedperformance", Impact::minor},
    {"partialservicedisruption", Impact::major},
    {"servicedisruption", Impact::critical},
    {"securityevent", Impact::critical},
}};

constexpr Words<State, 5> kComponentStates{{
    {"operational", State::operational},
    {"plannedmaintenance", State::under_maintenance},
    {"degradedperformance", State::degraded_performance},
    {"partialservicedisruption", State::partial_outage},
    {"servicedisruption", State::major_outage},
}};

std::optional<State> component_state(json::View body) {
  const std::string word = bare_word(body["current_status"]);
  return word.empty()
             ? std::nullopt
             : std::optional(
                   find_word(kComponentStates, word).value_or(State::degraded_performance));
}

// ---- components

using Names = std::unordered_map<std::string, std::string>;

Names names_in(json::View list) {
  Names names;
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    std::string id = id_text(list.at(i)["_id"]);
    std::string name = name_text(list.at(i)["name"]);
    if (!id.empty() && !name.empty()) {
      names.emplace(std::move(id), std::move(name));
    }
  }
  return names;
}

std::string name_of(const Names& names, const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? id : found->second;
}

// A component is affected in its containers (regions, data centres): "Chat (Ireland)".
std::vector<Component> affected_components(json::View body, std::optional<State> state) {
  const Names component_names = names_in(body["components"]);
  const Names container_names = names_in(body["containers"]);
  const json::View pairs = body["infrastructure_affected"];
  std::vector<Component> components;
  for (std::size_t i = 0; i < pairs.size() && components.size() < kMaxComponents; ++i) {
    const std::string id = id_text(pairs.at(i)["component"]);
    const std::string container_id = id_text(pairs.at(i)["container"]);
    const std::string name = name_of(component_names, id);
    const std::string container = name_of(container_names, container_id);
    if (!name.empty()) {
      const bool alone = container.empty() || container == name;
      components.push_back({container_id.empty() ? id : id + "/" + container_id,
                            alone ? name : name + " (" + container + ")", state});
    }
  }
  return components;
}

std::vector<Component> listed_components(json::View body, std::optional<State> state) {
  return components_in(body["components"], [&](json::View listed) {
    Component component{id_text(listed["_id"]), name_text(listed["name"]), state};
    return component.name.empty() ? std::nullopt : std::optional(std::move(component));
  });
}

std::vector<Component> components_of(json::View body, std::optional<State> state) {
  std::vector<Component> components = affected_components(body, state);
  return components.empty() ? listed_components(body, state) : components;
}

// ---- what both have

// https://status.io/pages/incident/PAGE/INCIDENT, or the same path at the page's own host.
std::string incident_id(json::View body, json::View url) {
  constexpr std::size_t kObjectId = 24;
  const std::string_view text = url.text();
  const std::string_view last = text.substr(text.rfind('/') + 1);
  if (last.size() == kObjectId &&
      last.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
    return std::string(last);
  }
  if (std::string id = id_text(body["id"]); !id.empty()) {
    return id;
  }
  return text.empty() ? made_id({body["title"].text(), body["datetime_start"].scalar()})
                      : made_id({text});
}

StatusUpdate read_common(json::View body, json::View url, const Origin& origin) {
  StatusUpdate update;
  update.incident_id = incident_id(body, url);
  update.name = name_text(body["title"]);
  update.url = url_text(url);
  update.update_id = id_text(body["message_id"]);
  update.created_at = first_time(body, {"datetime_start"});
  set_happened_at(update, first_time(body, {"datetime"}), origin);
  return update;
}

void set_message(StatusUpdate& update, json::View body) {
  update.message = message_text(body["details"]);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
}

// ---- incidents

State incident_state(json::View body) {
  const auto state = state_of(body["current_state"]);
  if (first_time(body, {"datetime_resolve"})) {
    return state == State::postmortem ? *state : State::resolved;
  }
  return state && is_incident_state(*state) ? *state : State::investigating;
}

// Over or nearly so, it keeps the impact that it had before.
Impact incident_impact(json::View body) {
  for (const std::string_view key : {"current_status", "previous_status"}) {
    const auto impact = find_word(kImpacts, bare_word(body[key]));
    if (impact && *impact != Impact::none) {
      return *impact;
    }
  }
  return kUnratedImpact;
}

StatusUpdate read_incident(json::View body, const Origin& origin) {
  StatusUpdate update = read_common(body, body["incident_url"], origin);
  update.state = incident_state(body);
  update.impact = incident_impact(body);
  update.components = components_of(body, component_state(body));
  if (is_over(update.state)) {
    update.resolved_at = first_time(body, {"datetime_resolve"});
  }
  set_message(update, body);
  return update;
}

// ---- maintenance

bool is_maintenance(json::View body) {
  return body["incident_url"].text().empty() &&
         (!body["maintenance_url"].text().empty() ||
          bare_word(body["current_status"]) == "plannedmaintenance");
}

State maintenance_state(json::View body, const StatusUpdate& update) {
  const bool ended = update.scheduled_until && *update.scheduled_until <= update.happened_at;
  if (ended || component_state(body) == State::operational) {
    return State::completed;
  }
  const bool started = update.scheduled_for && *update.scheduled_for <= update.happened_at;
  return started ? State::in_progress : State::scheduled;
}

// "Planned Maintenance" stands there from the day it is announced: a component is in it once it
// has begun.
std::optional<State> state_during(State state) {
  return state == State::in_progress ? std::optional(State::under_maintenance)
         : state == State::completed ? std::optional(State::operational)
                                     : std::nullopt;
}

StatusUpdate read_maintenance(json::View body, const Origin& origin) {
  StatusUpdate update = read_common(body, body["maintenance_url"], origin);
  update.kind = Kind::maintenance;
  update.impact = Impact::maintenance;
  update.scheduled_for = update.created_at;
  update.scheduled_until = first_time(body, {"datetime_end"});
  update.state = maintenance_state(body, update);
  update.components = components_of(body, state_during(update.state));
  if (is_over(update.state) && update.scheduled_until <= update.happened_at) {
    update.resolved_at = update.scheduled_until;
  }
  set_message(update, body);
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  std::vector<StatusUpdate> updates;
  updates.push_back(is_maintenance(body) ? read_maintenance(body, origin)
                                         : read_incident(body, origin));
  return updates;
}

}  // namespace

const Format kStatusIo{
    "statusio", {"/status_page_url"},  // ends with it
    {},         {"/status_page_url", "/incident_url", "/maintenance_url"},
    recognises, read,
};

}  // namespace monitor::status
