// StatusCast. https://support.statuscast.com/docs/webhook-notification : the incident as its API
// has it, in PascalCase. The page shows one sample and lists no words; these are of the API's
// description (https://github.com/gunnaraasen/statuscast-go/blob/main/openapi.json): Status Draft,
// Future, InProgress, Closed; PostType Investigating, Identified, Monitoring, Closed, RootCause,
// Informational, Migration. Nothing names the page, and times bear no zone (UTC is assumed).
// Inferred: a post that bears the incident's StartDate is the first one, written at DateCreated
// (StartDate of a maintenance lies ahead); how posts are sorted; that a change may come without a
// new post.
#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "lib/status/digest.h"
#include "lib/status/format.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/entries.h"
#include "lib/status/formats/fields.h"

namespace monitor::status {

extern const Format kStatusCast;

namespace {

bool recognises(json::View body) {
  return count_keys(body, {"IncidentType", "Posts", "AffectedComponents", "CurrentComponentStatus",
                           "PreviousComponentStatus"}) >= 2;
}

// ---- posts

std::optional<system::Time> post_time(json::View post, json::View body) {
  const auto date = first_time(post, {"Date"});
  const auto created = first_time(body, {"DateCreated"});
  return date && created && date == first_time(body, {"StartDate"}) ? created : date;
}

// Those that readers of the page see, latest first.
std::vector<Entry> posts_of(json::View body) {
  std::vector<Entry> posts = latest_first(body["Posts"], {"Date"});
  std::erase_if(posts, [](const Entry& post) {
    return post.update["IsPublished"].boolean() == std::optional(false);
  });
  for (Entry& post : posts) {
    post.time = post_time(post.update, body);
  }
  std::stable_sort(posts.begin(), posts.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(a.time, a.update["Id"].integer()) >
           std::tuple(b.time, b.update["Id"].integer());
  });
  return posts;
}

constexpr Words<State, 5> kPostTypes{{
    {"investigating", State::investigating},
    {"identified", State::identified},
    {"monitoring", State::monitoring},
    {"closed", State::resolved},
    {"rootcause", State::postmortem},
}};

// Components, too, can be "Investigating": the page's colour for them.
std::optional<State> post_state(json::View post) {
  const auto state = find_word(kPostTypes, bare_word(post["PostType"]));
  return state ? state : find_word(kPostTypes, bare_word(post["NewComponentStatus"]));
}

// ---- components

// "Investigating" and words nobody knows are a fault, "Informational" is none.
std::optional<State> component_state(json::View value) {
  const std::string word = bare_word(value);
  if (word.empty() || word == "informational") {
    return std::nullopt;
  }
  return service_state(value).value_or(State::degraded_performance);
}

using States = std::unordered_map<std::string, std::optional<State>>;

States states_in(json::View list) {
  States states;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::View item = list.at(i);
    states.emplace(id_text(item["ComponentId"]), component_state(item["Status"]));
  }
  return states;
}

std::vector<Component> components_of(json::View body) {
  const States states = states_in(body["CurrentComponentStatus"]);
  const json::View list = body["AffectedComponents"];
  std::vector<Component> components;
  for (std::size_t i = 0; i < list.size() && components.size() < kMaxComponents; ++i) {
    std::string id = id_text(list.at(i)["ComponentId"]);
    std::string name = name_text(list.at(i)["ComponentName"]);
    const auto found = states.find(id);
    if (!name.empty()) {
      components.push_back(
          {std::move(id), std::move(name), found == states.end() ? std::nullopt : found->second});
    }
  }
  return components;
}

// ---- how bad

Impact worse(Impact impact, std::optional<State> state) {
  const Impact other = state ? impact_of(*state) : Impact::none;
  return other == Impact::maintenance ? impact : std::max(impact, other);
}

Impact worst_status(json::View list) {
  Impact impact = Impact::none;
  for (std::size_t i = 0; i < list.size(); ++i) {
    impact = worse(impact, component_state(list.at(i)["Status"]));
  }
  return impact;
}

// "ServiceUnavailable" is StatusCast's word for every incident. Once its components are well again
// it keeps the impact that it had.
Impact incident_impact(json::View body, const std::vector<Entry>& posts) {
  Impact impact = worst_status(body["CurrentComponentStatus"]);
  if (impact != Impact::none) {
    return impact;
  }
  impact = worst_status(body["PreviousComponentStatus"]);
  for (const Entry& post : posts) {
    impact = worse(impact, component_state(post.update["NewComponentStatus"]));
  }
  return impact == Impact::none ? kUnratedImpact : impact;
}

// ---- how far

bool says_it_is_over(const std::vector<Entry>& posts) {
  const auto state = post_state(latest_of(posts));
  return state && is_over(*state);
}

bool is_closed(json::View body, const std::vector<Entry>& posts) {
  const std::string status = bare_word(body["Status"]);
  return status == "closed" || (status.empty() && says_it_is_over(posts));
}

// An informational post leaves the state as it was.
State incident_state(json::View body, const std::vector<Entry>& posts) {
  if (is_closed(body, posts)) {
    return post_state(latest_of(posts)) == State::postmortem ? State::postmortem : State::resolved;
  }
  for (const Entry& post : posts) {
    if (const auto state = post_state(post.update); state && !is_over(*state)) {
      return *state;
    }
  }
  return State::investigating;
}

State maintenance_state(json::View body, const std::vector<Entry>& posts, system::Time now) {
  if (is_closed(body, posts)) {
    return State::completed;
  }
  const std::string status = bare_word(body["Status"]);
  const auto start = first_time(body, {"StartDate"});
  if (status != "inprogress" && (status == "future" || !start || *start > now)) {
    return State::scheduled;
  }
  return post_state(latest_of(posts)) == State::monitoring ? State::verifying : State::in_progress;
}

// ---- the incident

std::string incident_id(json::View body) {
  if (std::string id = id_text(body["Id"]); !id.empty()) {
    return id;
  }
  const std::string_view link = body["ShortUrl"].text();
  const json::View created =
      body["DateCreated"].present() ? body["DateCreated"] : body["StartDate"];
  return link.empty() ? made_id({body["Title"].text(), created.scalar()}) : made_id({link});
}

// A post's id says which update this is only together with what may change without a post.
std::string update_id(json::View body, json::View latest) {
  const std::string post = id_text(latest["Id"]);
  return post.empty() ? ""
                      : digest({post, bare_word(body["Status"]), body["StartDate"].scalar(),
                                body["EndDate"].scalar()});
}

// Closed without a word, it was so at its end.
std::optional<system::Time> time_of(json::View body, const std::vector<Entry>& posts) {
  const auto ended = first_time(body, {"EndDate"});
  const auto written = posts.empty() ? std::nullopt : posts.front().time;
  if (is_closed(body, posts) && !says_it_is_over(posts) && ended > written) {
    return ended;
  }
  return written ? written : first_time(body, {"DateCreated", "StartDate"});
}

void set_state(StatusUpdate& update, json::View body, const std::vector<Entry>& posts) {
  const std::string type = bare_word(body["IncidentType"]);
  if (type == "scheduledmaintenance") {
    update.kind = Kind::maintenance;
    update.impact = Impact::maintenance;
    update.state = maintenance_state(body, posts, update.happened_at);
    update.scheduled_for = first_time(body, {"StartDate"});
    update.scheduled_until = first_time(body, {"EndDate"});
  } else {
    update.impact = type == "informational" ? Impact::none : incident_impact(body, posts);
    update.state = incident_state(body, posts);
  }
  if (is_over(update.state)) {
    update.resolved_at = first_time(body, {"EndDate"});
  }
}

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  if (bare_word(body["Status"]) == "draft") {
    return {};
  }
  const std::vector<Entry> posts = posts_of(body);
  StatusUpdate update;
  update.incident_id = incident_id(body);
  update.name = name_text(body["Title"]);
  update.url = url_text(body["ShortUrl"]);
  update.update_id = update_id(body, latest_of(posts));
  update.created_at = first_time(body, {"StartDate", "DateCreated"});
  set_happened_at(update, time_of(body, posts), origin);
  set_state(update, body, posts);
  update.components = components_of(body);
  const std::string text = message_text(latest_of(posts)["Text"]);
  update.message = says_it_is_over(posts) ? text : told_as(update.state, text);
  if (update.message.empty()) {
    update.message = title_message(update);
  }
  update.history = history_of(posts, {"Id", "Text", post_state});
  std::vector<StatusUpdate> updates;
  updates.push_back(std::move(update));
  return updates;
}

}  // namespace

const Format kStatusCast{
    .name = "statuscast",
    .page_id_paths = {},
    .name_paths = {},
    .url_paths = {},
    .recognises = recognises,
    .read = read,
    .product = "StatusCast",
};

}  // namespace monitor::status
