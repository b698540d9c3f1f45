// Uptime Kuma's notification "Webhook": {heartbeat, monitor, msg}. No documentation; its source:
// https://github.com/louislam/uptime-kuma/blob/master/server/notification-providers/webhook.js
// https://github.com/louislam/uptime-kuma/blob/master/server/model/monitor.js (sendNotification)
// https://github.com/louislam/uptime-kuma/blob/master/server/model/heartbeat.js
// The change of one monitor is a component update. heartbeat.time is UTC without a zone; newer
// versions add the same moment as localDateTime, with timezone and timezoneOffset. heartbeat and
// monitor are null in the test message and in notices (a certificate or domain is about to expire).
// Monitors are numbered from 1 in every installation, so ids are unique per provider slug only.
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"

namespace monitor::status {

extern const Format kUptimeKuma;

namespace {

bool is_object_or_null(json::View value) { return value.is_object() || value.is_null(); }

bool recognises(json::View body) {
  const json::View heartbeat = body["heartbeat"];
  const json::View monitor = body["monitor"];
  const bool tells = body["msg"].is_string() || (heartbeat.is_object() && monitor.is_object());
  return is_object_or_null(heartbeat) && is_object_or_null(monitor) && tells;
}

struct Status {
  State state;
  std::string_view word;  // as its users know it
};

// https://github.com/louislam/uptime-kuma/blob/master/src/util.ts (DOWN, UP, PENDING, MAINTENANCE)
Status status_of(json::View heartbeat) {
  constexpr Words<Status, 8> kStatuses{{
      {"0", {State::major_outage, "Down"}},
      {"1", {State::operational, "Up"}},
      {"2", {State::degraded_performance, "Pending"}},
      {"3", {State::under_maintenance, "Maintenance"}},
      {"down", {State::major_outage, "Down"}},
      {"up", {State::operational, "Up"}},
      {"pending", {State::degraded_performance, "Pending"}},
      {"maintenance", {State::under_maintenance, "Maintenance"}},
  }};
  const json::View status = heartbeat["status"];
  const std::string wanted = status.is_string() ? bare_word(status) : status.scalar();
  return find_word(kStatuses, wanted).value_or(Status{State::degraded_performance, "Changed"});
}

// A monitor that is no website has "https://" for its URL.
std::string monitored_url(json::View monitor) {
  const std::string url = url_text(monitor["url"]);
  return url.ends_with("://") ? "" : url;
}

// "N/A" stands where the check told nothing.
std::string check_result(json::View heartbeat) {
  std::string text = message_text(heartbeat["msg"]);
  return text == "N/A" ? "" : text;
}

StatusUpdate read_change(json::View body, const Origin& origin) {
  const json::View heartbeat = body["heartbeat"];
  const json::View monitor = body["monitor"];
  const Status status = status_of(heartbeat);
  StatusUpdate update;
  update.kind = Kind::component;
  update.name = name_text(monitor["name"]);
  update.incident_id = first_id({monitor["id"], heartbeat["monitorID"], heartbeat["monitor_id"]});
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"monitor", update.name});
  }
  if (update.name.empty()) {
    update.name = "Monitor " + update.incident_id;
  }
  update.url = monitored_url(monitor);
  update.state = status.state;
  update.impact = impact_of(update.state);
  update.components.push_back({update.incident_id, update.name, update.state});
  update.message = joined(std::string(status.word), check_result(heartbeat));
  set_happened_at(update, first_time(heartbeat, {"time"}), origin);
  return update;
}

// Told and over at once: nothing is broken yet, and no later message takes a notice back.
StatusUpdate read_notice(json::View body, const Origin& origin) {
  StatusUpdate update;
  update.message = message_text(body["msg"]);
  update.name = name_text(body["msg"]);
  update.state = State::resolved;
  set_happened_at(update, std::nullopt, origin);
  // The next certificate of the same site brings the same words, a year or some weeks later; the
  // same notice is not sent twice within the day.
  const std::string day = system::to_rfc3339(origin.received_at).substr(0, 10);
  update.incident_id = made_id({"notice", update.message, day});
  update.update_id = "notice";
  return update;
}

// "NAME Testing": server/server.js, testNotification.
bool is_test(const std::string& message) { return message.ends_with(" Testing"); }

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  if (body["heartbeat"].is_object()) {
    return {read_change(body, origin)};
  }
  const std::string message = message_text(body["msg"]);
  return message.empty() || is_test(message) ? std::vector<StatusUpdate>()
                                             : std::vector{read_notice(body, origin)};
}

}  // namespace

const Format kUptimeKuma{
    .name = "uptimekuma",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "Uptime Kuma",
    .any_verb = true,
};

}  // namespace monitor::status
