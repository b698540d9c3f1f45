// OpenStatus. What subscribers of a status page get is packages/subscriptions/src/payload.ts of
// https://github.com/openstatusHQ/openstatus , version "1": data.status_report or data.maintenance.
// What varies: the time is created_at or occurred_at and may be a range ("from - to"), which is no
// time; url, page.url and the components' impact came later; before version 1 the type was
// "page_update". A body of type verification, whose verifyUrl a person has to open, is left
// unrecognised, so that it is shown. Alerts of one's own monitors are
// https://docs.openstatus.dev/alerting/providers/webhook . Inferred: the state of a maintenance,
// which tells neither it nor a time, from its window and the arrival.
#include <algorithm>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/sparse.h"

namespace monitor::status {

extern const Format kOpenStatus;

namespace {

enum class Shape { unknown, report, maintenance, page_update, monitor, test };

bool is_test(json::View body, std::string_view type) {
  return type == "test" && (body["data"]["test"].is_object() ||
                            body["message"].text().find("openstatus") != std::string_view::npos);
}

Shape shape_of(json::View body) {
  const std::string_view type = body["type"].text();
  if (type == "status_report" && body["data"]["status_report"].is_object()) {
    return Shape::report;
  }
  if (type == "maintenance" && body["data"]["maintenance"].is_object()) {
    return Shape::maintenance;
  }
  if (type == "page_update" && body["update"].is_object()) {
    return Shape::page_update;
  }
  if (body["monitor"].is_object() && body["cronTimestamp"].present() &&
      body["status"].is_string()) {
    return Shape::monitor;
  }
  return is_test(body, type) ? Shape::test : Shape::unknown;
}

bool recognises(json::View body) { return shape_of(body) != Shape::unknown; }

// Objects with an impact, or names alone.
std::optional<Component> read_component(json::View entry) {
  Component component = numbered_component("component", entry["id"]).value_or(Component{});
  if (std::string name = first_name({entry, entry["name"]}); !name.empty()) {
    component.name = std::move(name);
  }
  component.state = service_state(entry["impact"]);
  return component.name.empty() ? std::nullopt : std::optional(std::move(component));
}

Impact impact_of_report(const std::vector<Component>& components) {
  const bool told = std::any_of(components.begin(), components.end(),
                                [](const Component& component) { return component.state; });
  return told ? impact_of(components) : kUnratedImpact;
}

void set_ids(StatusUpdate& update, json::View entity) {
  update.name = name_text(entity["title"]);
  update.incident_id = id_text(entity["id"]);
  if (update.incident_id.empty()) {
    update.incident_id = made_id({update.name, entity["starts_at"].text()});
  }
  update.url = url_text(entity["url"]);
  if (update.url.empty()) {
    update.url = url_text(entity["page"]["url"]);
  }
}

void set_message(StatusUpdate& update, json::View text) {
  update.message = message_text(text);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
}

void set_incident_state(StatusUpdate& update, json::View word) {
  const auto state = state_of(word);
  update.state = state && is_incident_state(*state) ? *state : State::investigating;
  update.impact = impact_of_report(update.components);
}

StatusUpdate read_report(json::View report, const Origin& origin) {
  const json::View latest = report["update"];
  StatusUpdate update;
  set_ids(update, report);
  update.components = components_in(report["components"], read_component);
  set_incident_state(update, latest["status"]);
  set_happened_at(update, first_time(latest, {"occurred_at", "created_at"}), origin);
  set_message(update, latest["message"]);
  update.update_id = id_text(latest["id"]);
  return update;
}

StatusUpdate read_maintenance(json::View maintenance, const Origin& origin) {
  StatusUpdate update;
  set_ids(update, maintenance);
  set_happened_at(update, std::nullopt, origin);
  set_planned(update, first_time(maintenance, {"starts_at"}), first_time(maintenance, {"ends_at"}));
  update.components = components_in(maintenance["components"], read_component);
  set_message(update, maintenance["message"]);
  update.update_id = digest({update.name, message_text(maintenance["message"]),
                             maintenance["starts_at"].scalar(), maintenance["ends_at"].scalar()});
  return update;
}

// Before version 1. Its id is that of the report, not of the update.
StatusUpdate read_page_update(json::View told, const Origin& origin) {
  StatusUpdate update;
  set_ids(update, told);
  update.components = components_in(told["pageComponents"], read_component);
  set_happened_at(update, first_time(told, {"date"}), origin);
  if (bare_word(told["status"]) == "maintenance") {
    set_planned(update, std::nullopt, std::nullopt);
  } else {
    set_incident_state(update, told["status"]);
  }
  set_message(update, told["message"]);
  update.update_id = digest({told["status"].text(), told["date"].scalar(), update.message});
  return update;
}

constexpr Words<State, 3> kMonitorStates{{
    {"recovered", State::operational},
    {"degraded", State::degraded_performance},
    {"error", State::major_outage},
}};

StatusUpdate read_monitor(json::View body, const Origin& origin) {
  const json::View monitor = body["monitor"];
  const auto numbered = numbered_component("monitor", monitor["id"]);
  StatusUpdate update;
  update.kind = Kind::component;
  update.name = name_text(monitor["name"]);
  if (update.name.empty()) {
    update.name = numbered ? numbered->name : "Monitor";
  }
  update.incident_id =
      numbered ? numbered->id : made_id({"monitor", update.name, monitor["url"].text()});
  update.state =
      find_word(kMonitorStates, bare_word(body["status"])).value_or(State::degraded_performance);
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  update.message = joined(spoken(update.state), message_text(body["errorMessage"]));
  set_happened_at(update, first_time(body, {"cronTimestamp"}), origin);
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  switch (shape_of(body)) {
    case Shape::report:
      return {read_report(body["data"]["status_report"], origin)};
    case Shape::maintenance:
      return {read_maintenance(body["data"]["maintenance"], origin)};
    case Shape::page_update:
      return {read_page_update(body["update"], origin)};
    case Shape::monitor:
      return {read_monitor(body, origin)};
    case Shape::test:
    case Shape::unknown:
      break;
  }
  return {};
}

}  // namespace

// A page's id is a number and so no clue. Monitors name no page: they are one's own.
const Format kOpenStatus{
    .name = "openstatus",
    .page_id_paths = {},
    .name_paths = {"/data/status_report/page/name", "/data/maintenance/page/name", "/page/name"},
    .url_paths = {"/data/status_report/page/url", "/data/maintenance/page/url",
                  "/subscription/manage_url"},
    .recognises = recognises,
    .read = read,
    .product = "OpenStatus",
};

}  // namespace monitor::status
