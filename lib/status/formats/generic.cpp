// A sender that nobody knows: its user says in the providers file where things stand (mapping.h;
// README.md describes the keys). Nothing recognises such a body by its shape, so `auto` never takes
// it for this.
#include "lib/status/formats/generic.h"

#include <algorithm>
#include <array>

#include "lib/json/pointer.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"
#include "lib/status/time.h"

namespace monitor::status {

extern const Format kGeneric;

namespace {

// The first that holds more than null and "".
json::View first_of(json::View root, const Pointers& pointers) {
  for (const std::string& pointer : pointers) {
    const json::View found = json::find(root, pointer);
    if (!found.scalar().empty() || found.is_array() || found.is_object()) {
      return found;
    }
  }
  return {};
}

std::optional<system::Time> time_of(json::View body, const Pointers& pointers) {
  for (const std::string& pointer : pointers) {
    if (const auto time = parse_time(json::find(body, pointer))) {
      return time;
    }
  }
  return std::nullopt;
}

// The sender's word as its user translated it, else as it is; numbers and booleans are words too.
std::string translated(json::View value, const Translations& words) {
  const std::string theirs = vocabulary_word(value.scalar());
  for (const auto& [from, to] : words) {
    if (from == theirs) {
      return to;
    }
  }
  return theirs;
}

std::optional<State> state_in(json::View value, const Mapping& mapping) {
  return state_from_word(translated(value, mapping.status_words));
}

std::optional<Component> read_component(json::View value, const Mapping& mapping) {
  Component component;
  component.id = id_text(first_of(value, mapping.component_id));
  component.name = name_text(value.is_object() ? first_of(value, mapping.component_name) : value);
  component.state = state_in(first_of(value, mapping.component_status), mapping);
  if (component.name.empty()) {
    component.name = component.id;
  }
  if (component.state && !is_component_state(*component.state)) {
    component.state = std::nullopt;
  }
  return component.name.empty() ? std::nullopt : std::optional(std::move(component));
}

std::vector<Component> read_components(json::View list, const Mapping& mapping) {
  std::vector<Component> components;
  const std::size_t count = list.is_array() ? list.size() : 1;
  for (std::size_t i = 0; i < count && components.size() < kMaxComponents; ++i) {
    if (auto component = read_component(list.is_array() ? list.at(i) : list, mapping)) {
      components.push_back(std::move(*component));
    }
  }
  return components;
}

Kind kind_of(State state) {
  return is_component_state(state)     ? Kind::component
         : is_maintenance_state(state) ? Kind::maintenance
                                       : Kind::incident;
}

Impact impact_in(json::View body, const StatusUpdate& update, const Mapping& mapping) {
  const auto impact =
      impact_from_word(translated(first_of(body, mapping.impact), mapping.impact_words));
  if (impact) {
    return *impact;
  }
  return update.kind == Kind::maintenance ? Impact::maintenance
         : update.kind == Kind::component ? impact_of(update.state)
                                          : impact_of(update.components);
}

// What stays the same from one update to the next: the id, else the name, else the components.
std::string incident_id(json::View body, const StatusUpdate& update, const Mapping& mapping) {
  if (std::string id = id_text(first_of(body, mapping.id)); !id.empty()) {
    return id;
  }
  std::string names;
  for (const Component& component : update.components) {
    names += component.name + '\n';
  }
  return made_id({update.name, update.name.empty() ? names : ""});
}

void set_times(StatusUpdate& update, json::View body, const Mapping& mapping,
               const Origin& origin) {
  set_happened_at(update, time_of(body, mapping.time), origin);
  update.created_at = time_of(body, mapping.created_at);
  update.resolved_at = time_of(body, mapping.resolved_at);
  update.scheduled_for = time_of(body, mapping.scheduled_for);
  update.scheduled_until = time_of(body, mapping.scheduled_until);
}

// Words that senders use for what is over, should their user not have translated them: an outage
// that never ends is worse than one that is ended by a plain word.
bool says_it_is_over(json::View word) {
  constexpr std::array<std::string_view, 9> kOver{
      "closed", "fixed", "done", "solved", "recovered", "cleared", "finished", "ok", "inactive"};
  return std::find(kOver.begin(), kOver.end(), vocabulary_word(word.scalar())) != kOver.end();
}

State state_now(json::View body, const StatusUpdate& update, const Mapping& mapping) {
  const json::View word = first_of(body, mapping.status);
  if (const auto state = state_in(word, mapping)) {
    return *state;
  }
  if (says_it_is_over(word)) {
    return State::resolved;
  }
  return update.resolved_at ? State::resolved : State::investigating;
}

}  // namespace

std::vector<StatusUpdate> read_generic(json::View body, const Mapping& mapping,
                                       const Origin& origin) {
  StatusUpdate update;
  update.name = name_text(first_of(body, mapping.name));
  update.message = message_text(first_of(body, mapping.message));
  const std::string word = id_text(first_of(body, mapping.status));
  if (update.name.empty() && update.message.empty() && word.empty()) {
    return {};
  }
  update.provider_name = name_text(first_of(body, mapping.provider));
  update.provider = to_slug(update.provider_name);
  set_times(update, body, mapping, origin);
  update.state = state_now(body, update, mapping);
  update.kind = kind_of(update.state);
  update.components = read_components(first_of(body, mapping.components), mapping);
  update.impact = impact_in(body, update, mapping);
  update.url = url_text(first_of(body, mapping.url));
  update.incident_id = incident_id(body, update, mapping);
  update.update_id = id_text(first_of(body, mapping.update_id));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  return {std::move(update)};
}

const Format kGeneric{
    .name = "generic",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = [](json::View) { return false; },
    .read = [](json::View, const Origin&) { return std::vector<StatusUpdate>(); },
    .any_verb = true,
};

}  // namespace monitor::status
