// AWS Health: issues, changes to come and notifications, public ones and those of one account.
// https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
// https://docs.aws.amazon.com/health/latest/ug/pagnation-of-health-events.html
// What varies: older events have no communicationId, eventScopeCode, statusCode, eventRegion and
// lastUpdatedTime; descriptions have "\n" as two characters. Not documented, so inferred: how bad
// an issue is (minor), and which notifications are about a disturbance (by a few words).
#include <algorithm>
#include <array>

#include "lib/status/digest.h"
#include "lib/status/formats/aws_events.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"

namespace monitor::status::aws {
namespace {

enum class Category { issue, notification, change };

constexpr Words<Category, 4> kCategories{{
    {"issue", Category::issue},
    {"investigation", Category::issue},
    {"accountnotification", Category::notification},
    {"scheduledchange", Category::change},
}};

Category category_of(json::View detail) {
  return find_word(kCategories, bare_word(detail["eventTypeCategory"])).value_or(Category::issue);
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED" -> "EC2 instance reboot maintenance scheduled".
std::string event_name(json::View code) {
  std::string name = name_text(code);
  if (name.starts_with("AWS_")) {
    name.erase(0, 4);
  }
  for (std::size_t i = name.find('_'); i < name.size(); ++i) {
    name[i] = name[i] == '_' ? ' ' : to_lower(name[i]);
  }
  return to_line(name);
}

// The English one, else the first that says something.
json::View description_in(json::View list) {
  json::View first;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::View text = list.at(i)["latestDescription"];
    if (!text.text().empty() && list.at(i)["language"].text().starts_with("en")) {
      return text;
    }
    first = first.text().empty() ? text : first;
  }
  return first;
}

std::string description_of(json::View detail) {
  std::string text(description_in(detail["eventDescription"]).text());
  for (const std::string_view line_end : {"\\r", "\\n"}) {
    for (std::size_t at = text.find(line_end); at != std::string::npos;
         at = text.find(line_end, at)) {
      text.replace(at, line_end.size(), "  ");
    }
  }
  return html_to_line(text);
}

// Notifications are about bills, certificates and end dates as well as about what is broken.
bool tells_disturbance(std::string text) {
  constexpr std::array<std::string_view, 9> kSigns{
      "outage",          "degraded",         "degradation",
      "impaired",        "elevated error",   "increased error",
      "elevated latenc", "increased latenc", "operational issue"};
  std::transform(text.begin(), text.end(), text.begin(), to_lower);
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return text.find(sign) != std::string::npos; });
}

State change_state(json::View detail, system::Time now) {
  const std::string status = bare_word(detail["statusCode"]);
  const auto start = first_time(detail, {"startTime"});
  const auto end = first_time(detail, {"endTime"});
  if (status == "closed" || (status != "open" && status != "upcoming" && end && *end <= now)) {
    return State::completed;
  }
  const bool begun = start ? *start <= now : status == "open";
  return begun && status != "upcoming" ? State::in_progress : State::scheduled;
}

State issue_state(json::View detail, system::Time now) {
  const std::string status = bare_word(detail["statusCode"]);
  const auto end = first_time(detail, {"endTime"});
  return status == "closed" || (status.empty() && end && *end <= now) ? State::resolved
                                                                      : State::investigating;
}

void set_stage(StatusUpdate& update, json::View detail) {
  const Category category = category_of(detail);
  const auto start = first_time(detail, {"startTime"});
  const auto end = first_time(detail, {"endTime"});
  if (category == Category::change) {
    update.kind = Kind::maintenance;
    update.impact = Impact::maintenance;
    update.state = change_state(detail, update.happened_at);
    update.scheduled_for = start;
    update.scheduled_until = end;
  } else {
    const bool quiet = category == Category::notification &&
                       !tells_disturbance(update.name + " " + update.message);
    update.impact = quiet ? Impact::none : kUnratedImpact;
    // Nobody closes what was only for information.
    update.state = quiet ? State::resolved : issue_state(detail, update.happened_at);
    update.created_at = start;
  }
  if (is_over(update.state)) {
    update.resolved_at = end;
  }
}

// "4826e1b0-2" of page "2": the pages of one communication differ in the affected entities only.
std::string communication_of(json::View detail) {
  std::string id = detail["communicationId"].scalar();
  const std::string page = "-" + detail["page"].scalar();
  if (page.size() > 1 && id.size() > page.size() && id.ends_with(page)) {
    id.erase(id.size() - page.size());
  }
  return id;
}

// The same for the copy that AWS sends through a second region. What is public is the same for all
// accounts of an organisation, too.
std::string health_update_id(json::View event, const std::string& description) {
  const json::View detail = event["detail"];
  const bool is_public = bare_word(detail["eventScopeCode"]) == "public";
  const std::string account =
      is_public ? "" : first_id({detail["affectedAccount"], event["account"]});
  const std::string status = bare_word(detail["statusCode"]);
  const std::string communication = communication_of(detail);
  if (!communication.empty()) {
    return digest({"communication", account, communication, status});
  }
  const std::string time = first_id({detail["lastUpdatedTime"], event["time"]});
  return digest({"content", account, time, status, description});
}

}  // namespace

StatusUpdate read_health_event(json::View event, const Origin& origin) {
  const json::View detail = event["detail"];
  const std::string region = first_name({detail["eventRegion"], event["region"]});
  const auto updated = first_time(detail, {"lastUpdatedTime"});
  StatusUpdate update;
  update.name = event_name(detail["eventTypeCode"]);
  update.incident_id = id_text(detail["eventArn"]);
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"health", detail["service"].text(), region,
                                  detail["eventTypeCode"].text(), detail["startTime"].text()});
  }
  set_happened_at(update, updated ? updated : first_time(event, {"time"}), origin);
  update.message = description_of(detail);
  set_stage(update, detail);
  update.components = service_in(name_text(detail["service"]), region);
  update.update_id = health_update_id(event, update.message);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  return update;
}

}  // namespace monitor::status::aws
