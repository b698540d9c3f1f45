// Google Cloud: the incidents of alerting policies, as Cloud Monitoring's webhook channel sends
// them. Personalized Service Health comes this way too: as logs that a log-based policy matches.
// https://cloud.google.com/monitoring/support/notification-options#webhooks
// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
// https://cloud.google.com/service-health/docs/example-alerting-policies
// What varies: version 1.0 or 1.2; the state in capitals or not; times 0 or null for none;
// documentation an object or a string; policy_name a name or a resource path; a summary that says
// what is wrong only where the condition is about a metric. An open incident of a metric may be
// told again and again (repeated notifications): that is no news. Not documented, so inferred: a
// version "test" is the console's test notification, and a subject that begins with "ALERT" is
// Google's own.
#include <algorithm>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"

namespace monitor::status {

extern const Format kGcp;

namespace {

bool recognises(json::View body) {
  const json::View incident = body["incident"];
  const std::size_t own =
      count_keys(incident, {"policy_name", "condition_name", "scoping_project_id",
                            "resource_type_display_name", "resource_display_name", "apigee_url"});
  const std::size_t common =
      count_keys(incident, {"incident_id", "state", "started_at", "summary", "condition"});
  return own >= 1 && own + common >= 3;
}

// Policies also appear as "projects/987654/alertPolicies/5xx".
std::string title_of(json::View incident) {
  for (const json::View name : {incident["policy_name"], incident["condition_name"],
                                incident["condition"]["displayName"]}) {
    if (!name.text().starts_with("projects/")) {
      if (std::string title = name_text(name); !title.empty()) {
        return title;
      }
    }
  }
  return "";
}

constexpr Words<Impact, 8> kSeverities{{
    {"critical", Impact::critical},
    {"error", Impact::major},
    {"warning", Impact::minor},
    // Not Google's, but labels hold what their policy's owner writes.
    {"high", Impact::major},
    {"medium", Impact::minor},
    {"low", Impact::minor},
    {"info", Impact::none},
    {"none", Impact::none},
}};

Impact impact_in(json::View incident) {
  for (const json::View word : {incident["severity"], incident["policy_user_labels"]["severity"],
                                incident["metadata"]["system_labels"]["severity"]}) {
    if (const auto impact = find_word(kSeverities, bare_word(word))) {
      return *impact;
    }
  }
  return kUnratedImpact;
}

std::string own_subject(json::View documentation) {
  const std::string subject = message_text(documentation["subject"]);
  return bare_word(std::string_view(subject).substr(0, 8)).starts_with("alert") ? "" : subject;
}

bool is_about_logs(json::View incident) {
  return incident["condition"]["conditionMatchedLog"].present() ||
         incident["metric"]["type"].text().starts_with("logging.googleapis.com/user/");
}

// Of a metric the summary tells what is wrong, and the documentation is for working on it; of logs
// the summary tells that there were some, and the documentation what stood in them.
std::string text_of(json::View incident, const std::string& title) {
  const json::View documentation = incident["documentation"];
  const std::string content =
      message_text(documentation.is_string() ? documentation : documentation["content"]);
  const std::string subject = own_subject(documentation);
  const std::string documented = joined(subject, content);
  const std::string summary = message_text(incident["summary"]);
  if (!documented.empty() && (summary.empty() || is_about_logs(incident))) {
    return subject.empty() ? joined(title, documented) : documented;
  }
  return summary.empty() ? "" : joined(title, summary);
}

// What has no name of its own is called "Cloud Run Job labels {project_id=...}". Of an event of
// Service Health the name tells nothing.
std::vector<Component> resource_of(json::View incident) {
  const json::View resource = incident["resource"];
  if (resource["type"].text().starts_with("servicehealth.googleapis.com/")) {
    return {};
  }
  std::string name = first_name({incident["resource_display_name"], resource["labels"]["host"],
                                 incident["resource_name"], incident["resource_type_display_name"],
                                 incident["scoping_project_id"]});
  name.resize(std::min(name.find(" labels {"), name.size()));
  if (name.empty()) {
    return {};
  }
  return {{id_text(incident["resource_id"]), std::move(name), std::nullopt}};
}

State state_in(json::View incident) {
  const std::string word = bare_word(incident["state"]);
  const bool ended = word.empty() && first_time(incident, {"ended_at"});
  return word == "closed" || ended ? State::resolved : State::investigating;
}

// Of a metric by its times, since a repetition has new measured values; of logs by what stood in
// them, too. Without times and an id one firing looks like another.
std::string update_id_of(const StatusUpdate& update, json::View incident) {
  const auto end = update.resolved_at;
  const auto time = end ? end : update.created_at;
  if (!time && incident["incident_id"].scalar().empty()) {
    return "";
  }
  return digest({word(update.state), time ? system::to_rfc3339(*time) : "",
                 is_about_logs(incident) ? update.message : ""});
}

StatusUpdate read_incident(json::View incident, const Origin& origin) {
  StatusUpdate update;
  update.name = title_of(incident);
  update.url = url_text(incident["url"]);
  update.state = state_in(incident);
  update.impact = impact_in(incident);
  update.components = resource_of(incident);
  update.created_at = first_time(incident, {"started_at"});
  const bool over = is_over(update.state);
  if (over) {
    update.resolved_at = first_time(incident, {"ended_at"});
  }
  set_happened_at(update, over ? update.resolved_at : update.created_at, origin);
  update.incident_id = id_text(incident["incident_id"]);
  if (update.incident_id.empty()) {
    update.incident_id =
        made_id({incident["condition"]["name"].text(), update.name,
                 incident["resource_name"].text(), incident["started_at"].scalar()});
  }
  const std::string text = text_of(incident, update.name);
  update.message = text.empty() ? title_message(update) : told_as(update.state, text);
  update.update_id = update_id_of(update, incident);
  return update;
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  if (bare_word(body["version"]) == "test") {
    return {};
  }
  return {read_incident(body["incident"], origin)};
}

}  // namespace

const Format kGcp{"gcp", {}, {}, {}, recognises, read, "Google Cloud"};

}  // namespace monitor::status
