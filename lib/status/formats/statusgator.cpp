// StatusGator, which watches other people's status pages. Version 3, since June 2025:
// https://support.statusgator.com/support/solutions/articles/47001278989-webhook-version-3-0
// Version 2, flat, still sent to older integrations:
// https://support.statusgator.com/en/support/solutions/articles/47001226973
// Both tell that a monitor changed to up, warn, down or maintenance (of 2015: unknown). What
// varies: `service` is there for monitors of services only, websites and servers have just
// `monitor`; `message`, `details` and a component's group may be null; more types may come. An
// EarlyWarningSignal has no status: StatusGator shows such a monitor as warn. The text of a change
// to up, and its component changes, may be those of the outage, so the status alone counts.
// Nothing has an id; the vote URLs of an early warning act and are never given on.
#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/watching.h"
#include "lib/status/time.h"

namespace monitor::status {

extern const Format kStatusGator;

namespace {

bool is_version_3(json::View body) {
  return !body["type"].text().empty() &&
         (body["service"].is_object() || body["monitor"].is_object()) &&
         (body["recorded_at"].present() || count_keys(body, {"monitor", "board"}) == 2);
}

bool is_version_2(json::View body) {
  return body["service_name"].is_string() &&
         count_keys(body, {"current_status", "last_status", "occurred_at"}) >= 2;
}

bool recognises(json::View body) { return is_version_3(body) || is_version_2(body); }

// What both versions tell, wherever it stands.
struct Change {
  json::View word_now;
  json::View word_before;
  json::View recorded_at;
};

Change change_in(json::View body) {
  return is_version_3(body)
             ? Change{body["status"], body["previous_status"], body["recorded_at"]}
             : Change{body["current_status"], body["last_status"], body["occurred_at"]};
}

std::optional<Component> read_component(json::View value) {
  Component component;
  component.name = name_text(value["name"]);
  const std::string group = name_text(value["group_name"]);
  if (!component.name.empty() && !group.empty()) {
    component.name += " (" + group + ")";
  }
  component.state = service_state(value["current_status"]);
  return component.name.empty() ? std::nullopt : std::optional(std::move(component));
}

// The monitor's: of two that watch parts of one service, one may be up while the other is down.
std::string incident_id(json::View body) {
  const json::View service = body["service"];
  const std::string id =
      first_id({body["monitor"]["id"], service["id"], service["slug"], body["slug"]});
  return id.empty() ? made_id({service["name"].text(), body["service_name"].text(),
                               body["monitor"]["display_name"].text()})
                    : id;
}

std::string message_of(json::View body, const Change& change, const StatusUpdate& update) {
  const std::string text =
      joined(first_message({body["message"], body["summary"]}), first_message({body["details"]}));
  if (bare_word(body["type"]) == "earlywarningsignal") {
    return joined("Early warning, not confirmed by the provider", text);
  }
  const std::string message = told_change(change.word_now, change.word_before, text);
  return message.empty() ? title_message(update) : message;
}

// Deliveries are repeated for weeks. Without a time nothing tells a repetition from the next change
// to the same state, so there is no id then.
std::string update_id(json::View body, const Change& change, const StatusUpdate& update) {
  const std::string monitor = first_id({body["monitor"]["id"]});
  return update.happened_at_known
             ? digest({body["type"].text(), monitor, change.recorded_at.scalar(),
                       change.word_now.text(), update.message})
             : "";
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const json::View service = body["service"];
  const json::View monitor = body["monitor"];
  const Change change = change_in(body);
  StatusUpdate update;
  update.kind = Kind::component;
  update.incident_id = incident_id(body);
  // The user's own name for it comes first: one service may have several monitors.
  update.name = first_name({monitor["display_name"], service["name"], body["service_name"]});
  for (const json::View url :
       {service["status_page_url"], service["landing_page_url"], body["status_page_url"]}) {
    update.url = update.url.empty() ? url_text(url) : update.url;
  }
  update.state = watched_state(change.word_now);
  update.impact = impact_of(update.state);
  update.components = components_in(body["component_status_changes"], read_component);
  if (is_over(update.state)) {  // they may be those of the outage
    for (Component& component : update.components) {
      component.state = std::nullopt;
    }
  }
  update.message = message_of(body, change, update);
  set_happened_at(update, parse_time(change.recorded_at), origin);
  update.update_id = update_id(body, change, update);
  return {std::move(update)};
}

}  // namespace

const Format kStatusGator{
    "statusgator",
    {},
    {"/service/name", "/service_name", "/monitor/display_name"},
    {"/service/status_page_url", "/status_page_url"},
    recognises,
    read,
};

}  // namespace monitor::status
