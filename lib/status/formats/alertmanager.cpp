// Prometheus Alertmanager's webhook receiver, and what sends in its format (Grafana's contact
// point "Webhook", which says version "1" and adds title, state, message and orgId).
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
// https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
// One body tells of all alerts of a group, in one state or the other, and comes again each time one
// of them changes and every repeat_interval: an alert is told of once when it fires and once when
// it is resolved. What varies: fingerprint (since 0.21), generatorURL, all labels and annotations;
// endsAt of what still fires is the year 1, or in old versions a time to come.
#include <algorithm>
#include <utility>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/formats/severity.h"

namespace monitor::status {

extern const Format kAlertmanager;

namespace {

// A body of a MiB has room for some 3,000 alerts that say anything.
constexpr std::size_t kMaxAlerts = 5000;

bool recognises(json::View body) {
  return body["alerts"].is_array() &&
         count_keys(body, {"receiver", "groupKey", "groupLabels", "commonLabels",
                           "commonAnnotations", "externalURL", "truncatedAlerts"}) >= 2;
}

struct Alert {
  json::View alert;
  json::View labels;
  json::View annotations;
  State state = State::investigating;
};

bool is_resolved(json::View status) { return bare_word(status) == "resolved"; }

Alert alert_in(json::View alert, bool group_is_resolved) {
  const json::View status = alert["status"];
  const bool resolved = status.is_string() ? is_resolved(status) : group_is_resolved;
  return {alert, alert["labels"], alert["annotations"],
          resolved ? State::resolved : State::investigating};
}

// What Alertmanager's own fingerprint is made of.
std::string fingerprint(const Alert& alert) {
  if (std::string id = id_text(alert.alert["fingerprint"]); !id.empty()) {
    return id;
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < alert.labels.size() && alert.labels.is_object(); ++i) {
    labels.push_back(digest({alert.labels.key_at(i), alert.labels.member_at(i).scalar()}));
  }
  std::sort(labels.begin(), labels.end());
  std::string all;
  for (const std::string& label : labels) {
    all += label;
  }
  return made_id({"alert", all});
}

// The same labels fire again and again, each time from another moment.
std::string alert_id(const Alert& alert, std::optional<system::Time> start) {
  const std::string id = fingerprint(alert);
  return start ? id + "-" + system::to_rfc3339(*start) : id;
}

Impact impact_of_alert(json::View labels) {
  for (const std::string_view key : {"severity", "priority", "level"}) {
    if (const auto impact = severity_impact(labels[key])) {
      return *impact;
    }
  }
  return kUnratedImpact;
}

// "checkout (web-1:9100)": what is ill and where.
std::vector<Component> components_of(json::View labels) {
  const std::string what =
      first_name({labels["service"], labels["app"], labels["component"], labels["job"]});
  const std::string where =
      first_name({labels["instance"], labels["pod"], labels["node"], labels["host"]});
  if (what.empty() && where.empty()) {
    return {};
  }
  const bool both = !what.empty() && !where.empty();
  return {{"", both ? what + " (" + where + ")" : what + where, std::nullopt}};
}

std::string url_of(const Alert& alert) {
  for (const json::View url :
       {alert.alert["generatorURL"], alert.annotations["runbook_url"], alert.annotations["runbook"],
        alert.annotations["dashboard_url"], alert.alert["panelURL"]}) {
    if (std::string text = url_text(url); !text.empty()) {
      return text;
    }
  }
  return "";
}

void set_times(StatusUpdate& update, const Alert& alert, const Origin& origin) {
  const bool over = is_over(update.state);
  const auto end = first_time(alert.alert, {"endsAt"});
  update.created_at = first_time(alert.alert, {"startsAt"});
  set_happened_at(update, over ? end : update.created_at, origin);
  if (over) {
    update.resolved_at = end;
  }
}

StatusUpdate read_alert(const Alert& alert, const Origin& origin) {
  const json::View notes = alert.annotations;
  const std::string summary = first_message({notes["summary"], notes["title"]});
  StatusUpdate update;
  update.state = alert.state;
  set_times(update, alert, origin);
  update.incident_id = alert_id(alert, update.created_at);
  // Texts hold measured values, which change from one repetition to the next: not told anew. Of an
  // alert without a start the next firing would look like a repetition.
  update.update_id = update.created_at ? word(update.state) : "";
  update.name = joined(name_text(alert.labels["alertname"]), summary);
  update.url = url_of(alert);
  update.impact = impact_of_alert(alert.labels);
  update.components = components_of(alert.labels);
  const std::string text = joined(summary, first_message({notes["description"], notes["message"]}));
  update.message = text.empty() ? title_message(update) : told_as(update.state, text);
  return update;
}

// Alerts beyond the receiver's max_alerts are left out and only counted.
void tell_of_truncated(std::vector<StatusUpdate>& updates, json::View body) {
  const auto left_out = body["truncatedAlerts"].integer().value_or(0);
  if (left_out > 0 && !updates.empty()) {
    updates.back().message +=
        " (alerts that the sender left out of this group: " + std::to_string(left_out) + ")";
  }
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const json::View alerts = body["alerts"];
  const bool group_is_resolved = is_resolved(body["status"]);
  std::vector<StatusUpdate> updates;
  for (std::size_t i = 0; i < alerts.size() && updates.size() < kMaxAlerts; ++i) {
    if (alerts.at(i).is_object()) {
      updates.push_back(read_alert(alert_in(alerts.at(i), group_is_resolved), origin));
    }
  }
  tell_of_truncated(updates, body);
  return updates;
}

}  // namespace

const Format kAlertmanager{
    .name = "alertmanager",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "Alertmanager",
};

}  // namespace monitor::status
