// IncidentHub, which watches other people's status pages:
// https://docs.incidenthub.cloud/incidenthub-documentation/channels/webhook-integration
// `type` is triggered, updated or resolved, `event` incident or maintenance. What varies: older
// bodies have no affectedComponents. Postmortems come as `resolved` once more, reminders of a
// maintenance to come as one that is triggered or updated (which of them is not documented).
// Nothing has an id. Inferred: a maintenance that is triggered is announced, one that is updated
// goes on, and `type` "test" is what the button "Send a test message" sends, should it not send a
// sample.
#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"

namespace monitor::status {

extern const Format kIncidentHub;

namespace {

constexpr std::string_view kTriggered = "triggered";
constexpr std::string_view kUpdated = "updated";
constexpr std::string_view kResolved = "resolved";

bool recognises(json::View body) {
  const json::View data = body["data"];
  return body["type"].is_string() && body["event"].is_string() &&
         count_keys(data, {"service", "statusPage", "eventURL"}) >= 1 &&
         count_keys(data, {"service", "statusPage", "eventURL", "content", "title",
                           "affectedComponents"}) >= 2;
}

Kind kind_of(json::View body) {
  return bare_word(body["event"]).find("maintenance") == std::string::npos ? Kind::incident
                                                                           : Kind::maintenance;
}

State state_of_type(const std::string& type, Kind kind) {
  if (kind == Kind::incident) {
    return type == kResolved ? State::resolved : State::investigating;
  }
  return type == kResolved  ? State::completed
         : type == kUpdated ? State::in_progress
                            : State::scheduled;
}

std::string_view without_slash(std::string_view url) {
  return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

// The event's own page. Pages that have none for each event are not told apart by it.
std::string_view event_url(json::View data) {
  const std::string_view url = data["eventURL"].text();
  return without_slash(url) == without_slash(data["statusPage"].text()) ? "" : url;
}

std::string incident_id(json::View data) {
  const std::string_view url = event_url(data);
  return url.empty() ? made_id({data["service"].text(), data["title"].text()}) : made_id({url});
}

// A name, or an object that has one.
std::optional<Component> read_component(json::View value) {
  std::string name = first_name({value, value["name"]});
  return name.empty()
             ? std::nullopt
             : std::optional(Component{id_text(value["id"]), std::move(name), std::nullopt});
}

StatusUpdate read_event(json::View body, const std::string& type, const Origin& origin) {
  const json::View data = body["data"];
  const auto time = first_time(body, {"timestamp"});
  StatusUpdate update;
  update.kind = kind_of(body);
  update.incident_id = incident_id(data);
  update.name = name_text(data["title"]);
  update.url = url_text(data["eventURL"]);
  if (update.url.empty()) {
    update.url = url_text(data["statusPage"]);
  }
  update.state = state_of_type(type, update.kind);
  update.impact = update.kind == Kind::maintenance ? Impact::maintenance : kUnratedImpact;
  update.components = components_in(data["affectedComponents"], read_component);
  update.message = message_text(data["content"]);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  set_happened_at(update, time, origin);
  if (update.kind == Kind::incident && type == kTriggered) {
    update.created_at = time;
  }
  // Without a time nothing tells a repetition from a later update with the same text.
  update.update_id = time ? digest({type, body["timestamp"].scalar(), update.message}) : "";
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const std::string type = bare_word(body["type"]);
  if (type == "test") {
    return {};
  }
  return {read_event(body, type, origin)};
}

}  // namespace

const Format kIncidentHub{
    "incidenthub", {}, {"/data/service"}, {"/data/statusPage", "/data/eventURL"}, recognises, read,
};

}  // namespace monitor::status
