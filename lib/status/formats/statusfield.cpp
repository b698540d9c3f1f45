// Statusfield, which watches other people's status pages:
// https://statusfield.com/docs/integrations/webhooks
// Documented: the sender's user chooses the verb, authentication and headers; the body is JSON that
// begins with `id`, unique to the delivery; it tells that a service's component became operational,
// degraded, partial outage, major outage or maintenance; there is a test webhook. Everything else
// here is inferred: `service` and `component` are objects or names, the words of now and before
// stand beside them or in them, under the names that such senders use, in the body or its `data`.
// So a body counts as Statusfield's only when it has an id, a service or component, a known word
// and a sign that it tells of a change.
#include <algorithm>
#include <array>

#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/watching.h"

namespace monitor::status {

extern const Format kStatusfield;

namespace {

constexpr std::array<std::string_view, 8> kNow{
    "status", "currentStatus", "current_status", "newStatus", "new_status", "current", "new", "to"};
constexpr std::array<std::string_view, 9> kBefore{
    "previousStatus", "previous_status", "oldStatus", "old_status", "lastStatus",
    "last_status",    "previous",        "old",       "from"};

// Signs of other senders whose bodies have an id and tell of a service.
constexpr std::array<std::string_view, 12> kForeign{
    "page",  "incident", "maintenance",  "heartbeat",        "alerts",      "recorded_at",
    "board", "detail",   "service_name", "component_update", "specversion", "source"};

struct Change {
  json::View content;  // the body or its `data`
  json::View service;
  json::View component;
  json::View word_now;
  json::View word_before;
};

template <typename Keys>
json::View first_word(json::View object, const Keys& keys) {
  for (const std::string_view key : keys) {
    if (!bare_word(object[key]).empty()) {
      return object[key];
    }
  }
  return {};
}

// In the content, in a `status` or `change` of two words, in the component, in the service.
template <typename Keys>
json::View find_change_word(const Change& change, const Keys& keys) {
  for (const json::View place : {change.content, change.content["status"], change.content["change"],
                                 change.component, change.service}) {
    if (const json::View word = first_word(place, keys); word.present()) {
      return word;
    }
  }
  return {};
}

bool is_named(json::View thing) {
  return !first_name({thing, thing["name"], thing["slug"]}).empty();
}

Change change_in(json::View body) {
  Change change;
  change.content = is_named(body["data"]["service"]) || is_named(body["data"]["component"])
                       ? body["data"]
                       : body;
  change.component = change.content["component"];
  change.service =
      change.content["service"].present() ? change.content["service"] : change.component["service"];
  change.word_now = find_change_word(change, kNow);
  change.word_before = find_change_word(change, kBefore);
  return change;
}

bool is_test(json::View body) {
  const std::string word = bare_word(body["event"].present() ? body["event"] : body["type"]);
  return word.starts_with("test") || word == "webhooktest" ||
         body["test"].boolean().value_or(false);
}

bool tells_a_change(json::View body, const Change& change) {
  return service_state(change.word_before) ||
         (is_named(change.service) && is_named(change.component)) ||
         bare_word(body["event"]).starts_with("status") ||
         bare_word(body["type"]).starts_with("status") || is_test(body);
}

bool has_a_known_word(const Change& change) {
  return service_state(change.word_now) ||
         (change.word_now.present() && service_state(change.word_before));
}

bool recognises(json::View body) {
  if (id_text(body["id"]).empty() ||
      std::any_of(kForeign.begin(), kForeign.end(),
                  [&](std::string_view key) { return body[key].present(); })) {
    return false;
  }
  const Change change = change_in(body);
  return (is_named(change.service) || is_named(change.component)) && has_a_known_word(change) &&
         tells_a_change(body, change);
}

// Most JSON with an id, a service and a status is something else.
bool shows_itself(json::View body) {
  const Change change = change_in(body);
  return service_state(change.word_before) ||
         (is_named(change.service) && is_named(change.component)) || is_test(body);
}

// A component's id, else its names: two services may both have a component "API".
std::string incident_id(const Change& change) {
  const json::View thing = is_named(change.component) ? change.component : change.service;
  const std::string id = first_id({thing["id"], thing["slug"]});
  return id.empty() ? made_id({first_name({change.service, change.service["name"]}),
                               first_name({change.component, change.component["name"]})})
                    : id;
}

std::optional<system::Time> time_of(json::View body, const Change& change) {
  for (const json::View place : {change.content, body, change.component, change.service}) {
    if (const auto time =
            first_time(place, {"timestamp", "changedAt", "changed_at", "occurredAt", "occurred_at",
                               "updatedAt", "updated_at", "createdAt", "created_at"})) {
      return time;
    }
  }
  return std::nullopt;
}

std::string first_url(std::initializer_list<json::View> values) {
  for (const json::View value : values) {
    if (std::string url = url_text(value); !url.empty()) {
      return url;
    }
  }
  return "";
}

StatusUpdate read_change(json::View body, const Change& change, const Origin& origin) {
  const json::View content = change.content;
  const json::View service = change.service;
  const json::View component = change.component;
  StatusUpdate update;
  update.kind = Kind::component;
  update.incident_id = incident_id(change);
  update.name = first_name(
      {component, component["name"], component["slug"], service, service["name"], service["slug"]});
  update.url = first_url({content["url"], component["url"], service["statusPageUrl"],
                          service["status_page_url"], service["url"]});
  update.state = watched_state(change.word_now);
  update.impact = impact_of(update.state);
  if (is_named(component)) {
    update.components.push_back({update.incident_id, update.name, update.state});
  }
  update.message = told_change(change.word_now, change.word_before,
                               first_message({content["message"], content["description"],
                                              content["details"], content["title"]}));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.update_id = id_text(body["id"]);
  set_happened_at(update, time_of(body, change), origin);
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  if (is_test(body)) {
    return {};
  }
  return {read_change(body, change_in(body), origin)};
}

}  // namespace

const Format kStatusfield{
    .name = "statusfield",
    .page_id_paths = {},
    .name_paths = {"/service/name", "/service", "/data/service/name", "/data/service",
                   "/component/service/name", "/component/service", "/service/slug"},
    .url_paths = {"/service/statusPageUrl", "/service/status_page_url",
                  "/data/service/statusPageUrl", "/data/service/status_page_url", "/service/url",
                  "/data/service/url"},
    .recognises = recognises,
    .read = read,
    .shows_itself = shows_itself,
    .any_verb = true,
};

}  // namespace monitor::status
