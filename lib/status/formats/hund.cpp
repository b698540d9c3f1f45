// Hund. Version 2: https://hund.io/help/documentation/outgoing-webhooks ; version 1, components
// only: https://hund.io/help/legacy-documentation/outgoing-webhooks-legacy-v1 . The subscriber
// chooses POST or PUT. The page on version 2 shows the frame alone; kinds of events, issues, their
// labels and states (1 up, 0 degraded, -1 out) are those of Hund's API
// (https://github.com/hundio/api-specification, libraries/event.raml and core.raml), which calls
// "context" what webhooks call "contexts". Inferred: that "degraded" and "restored" come with the
// API's objects, their component among the contexts (the webhook page says it is the eventable:
// both are read).
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/hund_issue.h"

namespace monitor::status {

extern const Format kHund;

namespace {

using hund::elements;
using hund::Event;
using hund::localized;
using hund::state_of_number;

// ---- whose body is it

bool is_v2(json::View body) {
  const json::View event = body["event"];
  return event["kind"].is_string() &&
         count_keys(event, {"eventable", "contexts", "context"}) >= 1 &&
         count_keys(body, {"subscription", "status_page", "_embedded"}) >= 1;
}

bool is_v1(json::View body) {
  return body["client"].is_object() && body["component"]["status"]["state"].is_string();
}

bool recognises(json::View body) { return is_v2(body) || is_v1(body); }

// "https://status.example.com/components/574f20d2af26c94f785a4ec6" -> its end.
std::string id_in(json::View url) {
  const std::string text = url_text(url);
  const std::string last = text.substr(text.rfind('/') + 1);
  return text.find("/components/") != std::string::npos && last.size() <= kMaxId ? last : "";
}

// ---- components

// "Operational (was down for 16 min)"
std::string component_message(State state, json::View time_down) {
  const std::int64_t seconds = time_down.integer().value_or(0);
  if (state != State::operational || seconds <= 0) {
    return spoken(state);
  }
  const std::string down =
      seconds < 120 ? std::to_string(seconds) + " s" : std::to_string(seconds / 60) + " min";
  return spoken(state) + " (was down for " + down + ")";
}

StatusUpdate read_component(json::View component, State state, json::View time_down) {
  StatusUpdate update;
  update.kind = Kind::component;
  update.name = name_text(localized(component["name"]));
  update.incident_id = first_id({component["id"], component});
  if (update.incident_id.empty()) {
    update.incident_id = id_in(component["url"]);
  }
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"component", update.name});
  }
  if (update.name.empty()) {
    update.name = "Component";
  }
  update.url = url_text(component["url"]);
  if (update.url.empty()) {
    update.url = url_text(component["_links"]["self-view"]["href"]);
  }
  update.state = state;
  update.impact = impact_of(state);
  update.components.push_back({update.incident_id, update.name, state});
  update.message = component_message(state, time_down);
  return update;
}

std::optional<State> word_state(json::View word) {
  return bare_word(word) == "restored" ? std::optional(State::operational) : service_state(word);
}

StatusUpdate read_v1(json::View body, const Origin& origin) {
  const json::View component = body["component"];
  const json::View status = component["status"];
  StatusUpdate update =
      read_component(component, word_state(status["state"]).value_or(State::degraded_performance),
                     status["time_down"]);
  set_happened_at(update, first_time(body["meta"], {"created_at"}), origin);
  return update;
}

// ---- version 2

Event event_in(json::View body) {
  const json::View event = body["event"];
  const auto time = first_time(event, {"created_at"});
  return {event["eventable"], event["contexts"].is_object() ? event["contexts"] : event["context"],
          vocabulary_word(event["kind"].text()), time ? time : first_time(body, {"created_at"})};
}

bool is_about_component(const Event& event) {
  constexpr std::array<std::string_view, 4> kKinds{"degraded", "restored", "status_created",
                                                   "status_corrected"};
  return std::find(kKinds.begin(), kKinds.end(), event.kind) != kKinds.end();
}

// Kinds that the API does not have yet count as well.
bool is_about_issue(const Event& event) {
  return event.kind.starts_with("issue_") || event.kind.ends_with("_issue_created") ||
         event.subject["type"].text() == "issue";
}

// An object, or its id where the sender does not expand it. A status is new with each change, so
// without its component what watches that stands for it.
json::View changed_component(const Event& event) {
  for (const json::View component :
       {event.contexts["component"], elements(event.contexts["components"]).at(0),
        event.subject["component"]}) {
    if (component.is_object() || !id_text(component).empty()) {
      return component;
    }
  }
  const json::View watchdog = event.subject["watchdog"];
  const bool is_status = !event.subject["name"].present() && watchdog.present();
  return is_status ? watchdog : event.subject;
}

State changed_state(const Event& event, json::View told) {
  for (const json::View state : {told["state"], event.subject["state"]}) {
    if (const auto found = state_of_number(state)) {
      return *found;
    }
  }
  return event.kind == "restored" ? State::operational : State::degraded_performance;
}

StatusUpdate read_component_event(const Event& event, json::View told, const Origin& origin) {
  const json::View time_down =
      told["time_down"].present() ? told["time_down"] : event.subject["time_down"];
  StatusUpdate update =
      read_component(changed_component(event), changed_state(event, told), time_down);
  set_happened_at(update, event.time, origin);
  return update;
}

// Tests of a notifier, subscriptions and a page's set-up are nobody's incident.
std::vector<StatusUpdate> read_v2(json::View body, const Origin& origin) {
  const Event event = event_in(body);
  std::vector<StatusUpdate> updates;
  if (is_about_issue(event)) {
    updates.push_back(hund::read_issue(event, origin));
  } else if (is_about_component(event)) {
    updates.push_back(read_component_event(event, body["event"], origin));
  }
  for (StatusUpdate& update : updates) {
    update.update_id = id_text(body["event"]["id"]);
  }
  return updates;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  return is_v2(body) ? read_v2(body, origin) : std::vector<StatusUpdate>{read_v1(body, origin)};
}

}  // namespace

const Format kHund{
    .name = "hund",
    .page_id_paths = {},
    .name_paths = {"/status_page/name", "/client/name"},
    .url_paths = {"/_embedded/status_page/_links/self-view/href", "/client/url",
                  "/meta/unsubscribe", "/component/url"},
    .recognises = recognises,
    .read = read,
    .any_verb = true,
};

}  // namespace monitor::status
