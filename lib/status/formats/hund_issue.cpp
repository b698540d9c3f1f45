#include "lib/status/formats/hund_issue.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"

namespace monitor::status::hund {
namespace {

// Of issues and of their updates. Further labels are for the kind of issue, not its progress.
constexpr Words<State, 9> kLabels{{
    {"investigating", State::investigating},
    {"assessed", State::identified},
    {"identified", State::identified},
    {"problemidentified", State::identified},
    {"monitoring", State::monitoring},
    {"resolved", State::resolved},
    {"cancelled", State::resolved},
    {"informational", State::resolved},
    {"addendum", State::postmortem},
}};

std::optional<State> label_state(json::View entry) {
  return find_word(kLabels, bare_word(localized(entry["label"])));
}

// What an event says of the issue by itself.
constexpr Words<State, 6> kEndings{{
    {"informational_issue_created", State::resolved},
    {"issue_retrospectively_created", State::resolved},
    {"issue_resolved", State::resolved},
    {"issue_ended", State::resolved},
    {"issue_cancelled", State::resolved},
    {"issue_addended", State::postmortem},
}};

bool says(json::View object, std::string_view key) {
  return object[key].boolean() == std::optional(true);
}

// What was said before the issue was resolved counts no more.
State reopened_state(json::View latest) {
  const auto state = label_state(latest);
  return state && !is_over(*state) ? *state : State::investigating;
}

// An update may leave the label as it was; whether the issue is over, the issue itself knows best.
State issue_state(const Event& event, const std::vector<Entry>& updates) {
  if (const auto ending = find_word(kEndings, event.kind)) {
    return *ending;
  }
  if (event.kind == "issue_reopened") {
    return reopened_state(latest_of(updates));
  }
  const json::View issue = event.subject;
  const bool over =
      says(issue, "resolved") || says(issue, "cancelled") || says(issue["schedule"], "ended");
  const bool told = over || issue["resolved"].boolean();
  const auto fits = [&](std::optional<State> state) {
    return state && (!told || is_over(*state) == over);
  };
  for (const Entry& entry : updates) {
    if (const auto state = label_state(entry.update); fits(state)) {
      return *state;
    }
  }
  const auto state = label_state(issue);
  return fits(state) ? *state : over ? State::resolved : State::investigating;
}

// The label tells the kind of issue where `specialization` is not there yet.
bool is_called(json::View issue, std::string_view kind) {
  return bare_word(issue["specialization"]) == kind || bare_word(localized(issue["label"])) == kind;
}

bool is_maintenance(const Event& event) {
  constexpr std::array<std::string_view, 5> kScheduled{"scheduled_issue_created", "issue_upcoming",
                                                       "issue_started", "issue_ended",
                                                       "issue_cancelled"};
  const json::View issue = event.subject;
  return is_called(issue, "maintenance") || says(issue, "scheduled") ||
         issue["schedule"].is_object() ||
         std::find(kScheduled.begin(), kScheduled.end(), event.kind) != kScheduled.end();
}

State maintenance_state(const Event& event, const std::vector<Entry>& updates, system::Time now) {
  const json::View schedule = event.subject["schedule"];
  const State state = issue_state(event, updates);
  if (is_over(state)) {
    return State::completed;
  }
  const auto start = first_time(schedule, {"starts_at"});
  const bool started = event.kind == "issue_started" || says(schedule, "started");
  const bool announced = event.kind == "scheduled_issue_created" || event.kind == "issue_upcoming";
  if (announced || (start && *start > now && !started)) {
    return State::scheduled;
  }
  return state == State::monitoring ? State::verifying : State::in_progress;
}

bool is_informational(const Event& event) {
  return is_called(event.subject, "informational") || event.kind == "informational_issue_created";
}

// The state that the page's owner gave the components for as long as the issue lasts.
std::optional<State> override_state(json::View issue, const std::vector<Entry>& updates) {
  for (const Entry& entry : updates) {
    if (const auto state = state_of_number(entry.update["state_override"])) {
      return state;
    }
  }
  return state_of_number(issue["state_override"]);
}

void set_progress(StatusUpdate& update, const Event& event, const std::vector<Entry>& updates) {
  if (is_maintenance(event)) {
    update.kind = Kind::maintenance;
    update.impact = Impact::maintenance;
    update.state = maintenance_state(event, updates, update.happened_at);
    update.scheduled_for = first_time(event.subject["schedule"], {"starts_at"});
    update.scheduled_until = first_time(event.subject["schedule"], {"ends_at"});
    return;
  }
  const auto state = override_state(event.subject, updates);
  update.state = issue_state(event, updates);
  update.impact = is_informational(event) ? Impact::none
                  : state                 ? impact_of(*state)
                                          : kUnratedImpact;
}

// The state of a component that an issue is about; what it is in once the issue is over, its own
// monitoring knows.
std::optional<State> state_during(const StatusUpdate& update, std::optional<State> overridden) {
  if (is_over(update.state) || update.state == State::scheduled) {
    return std::nullopt;
  }
  return update.kind == Kind::maintenance && !overridden ? State::under_maintenance : overridden;
}

std::vector<Component> components_of(const Event& event, std::optional<State> state) {
  const json::View affected = elements(event.contexts["components"]);
  const json::View list = affected.size() > 0 ? affected : elements(event.subject["components"]);
  return components_in(list, [&](json::View listed) {
    Component component{id_text(listed["id"]), name_text(localized(listed["name"])), state};
    return component.name.empty() ? std::nullopt : std::optional(std::move(component));
  });
}

std::string text_of(json::View entry) {
  return first_message({localized(entry["body_html"]), localized(entry["body"])});
}

// What happens by schedule brings no text: that of the issue follows.
std::string issue_message(const Event& event, const StatusUpdate& update, json::View latest) {
  constexpr Words<std::string_view, 4> kBySchedule{{{"issue_upcoming", "Starts soon"},
                                                    {"issue_started", "Started"},
                                                    {"issue_ended", "Ended"},
                                                    {"issue_cancelled", "Cancelled"}}};
  if (std::string own = text_of(event.contexts["update"]); !own.empty()) {
    return own;
  }
  const std::string newest = text_of(latest);
  const std::string text = newest.empty() ? text_of(event.subject) : newest;
  if (const auto what = find_word(kBySchedule, event.kind)) {
    return joined(std::string(*what), text);
  }
  return newest.empty() && !is_informational(event) ? told_as(update.state, text) : text;
}

// The issue's own text came before all updates.
std::vector<PastUpdate> history_in(const Event& event, const std::vector<Entry>& updates) {
  std::vector<PastUpdate> history = history_of(updates, {"id", "body_html", label_state});
  const json::View issue = event.subject;
  std::string text = text_of(issue);
  if (!updates.empty() && !text.empty() && history.size() < kMaxHistory) {
    history.push_back(
        {"", label_state(issue), std::move(text), first_time(issue, {"created_at", "began_at"})});
  }
  return history;
}

}  // namespace

json::View localized(json::View value) {
  if (!value.is_object()) {
    return value;
  }
  const json::View original = value[value["original"].text()];
  return original.is_string() ? original : value.member_at(0);
}

std::optional<State> state_of_number(json::View value) {
  constexpr std::array<State, 3> kStates{State::major_outage, State::degraded_performance,
                                         State::operational};
  const auto number = value.integer();
  return number && *number >= -1 && *number <= 1
             ? std::optional(kStates[static_cast<std::size_t>(*number + 1)])
             : std::nullopt;
}

json::View elements(json::View list) { return list.is_object() ? list["data"] : list; }

StatusUpdate read_issue(const Event& event, const Origin& origin) {
  const json::View issue = event.subject;
  const std::vector<Entry> updates =
      latest_first(elements(issue["updates"]), {"effective_after", "created_at"});
  StatusUpdate update;
  update.name = name_text(localized(issue["title"]));
  update.incident_id = issue.is_object() ? id_text(issue["id"]) : id_text(issue);
  if (update.incident_id.empty()) {
    update.incident_id = made_id({"issue", update.name, issue["began_at"].scalar()});
  }
  update.url = url_text(issue["_links"]["self-view"]["href"]);
  set_happened_at(update, event.time, origin);
  set_progress(update, event, updates);
  update.components = components_of(event, state_during(update, override_state(issue, updates)));
  update.created_at = first_time(issue, {"began_at", "created_at"});
  if (is_over(update.state)) {
    update.resolved_at = first_time(issue, {"ended_at", "cancelled_at"});
  }
  update.message = issue_message(event, update, latest_of(updates));
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.history = history_in(event, updates);
  return update;
}

}  // namespace monitor::status::hund
