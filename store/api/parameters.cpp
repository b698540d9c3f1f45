#include "store/api/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "lib/status/time.h"
#include "lib/status/update.h"

namespace monitor::store {
namespace {

// Longer than any title; each word costs a walk through the index.
constexpr std::size_t kMostSearched = 200;

struct OneProviderQuery {
  std::string provider;
};

template <typename Query>
struct Parameter {
  std::string_view name;
  std::string_view takes;
  bool (*take)(const std::string& text, Query& query);
};

// The token may come as a parameter; that is the affair of http::TokenCheck.
constexpr std::string_view kTokenParameter = "token";

template <typename Query>
std::string names_of(std::span<const Parameter<Query>> known) {
  std::vector<std::string_view> names;
  for (const Parameter<Query>& parameter : known) {
    names.push_back(parameter.name);
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

// "" when the parameter is as it should be.
template <typename Query>
std::string take(std::span<const Parameter<Query>> known, const std::string& name,
                 const std::string& value, Query& query) {
  const auto found =
      std::find_if(known.begin(), known.end(),
                   [&](const Parameter<Query>& parameter) { return parameter.name == name; });
  if (found == known.end()) {
    return fmt::format("parameter {}: there is none of this name; known: {}", name,
                       names_of(known));
  }
  return found->take(value, query) ? std::string()
                                   : fmt::format("parameter {}: '{}' is not what it takes: {}",
                                                 name, value, found->takes);
}

template <typename Query>
std::optional<Query> parse(std::span<const Parameter<Query>> known, const http::Request& request,
                           std::string& problem) {
  Query query{};
  std::set<std::string_view> seen;
  for (const auto& [name, value] : request.parameters) {
    if (name == kTokenParameter) {
      continue;
    }
    problem = seen.insert(name).second ? take(known, name, value, query)
                                       : fmt::format("parameter {}: give it once", name);
    if (!problem.empty()) {
      return std::nullopt;
    }
  }
  return query;
}

bool take_text(const std::string& text, std::string& value) {
  value = text;
  return !text.empty();
}

bool take_switch(const std::string& text, bool& value) {
  value = text == "1";
  return text == "1" || text == "0";
}

template <typename Query>
bool take_limit(const std::string& text, Query& query) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, query.limit);
  return error == std::errc() && rest == end && query.limit >= 1 && query.limit <= kMostLimit;
}

template <typename Query>
bool take_cursor(const std::string& text, Query& query) {
  query.after = from_cursor(text);
  return query.after.has_value();
}

bool is_slug(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

template <typename Query>
bool take_provider(const std::string& text, Query& query) {
  query.provider = text;
  return is_slug(text);
}

template <typename Query>
bool take_kind(const std::string& text, Query& query) {
  query.kind = text;
  return status::kind_from_word(text).has_value();
}

// RFC 3339, seconds since 1970, or a day.
bool take_time(const std::string& text, std::optional<system::Time>& time) {
  constexpr std::size_t kDay = std::string_view("2026-02-20").size();
  const bool day = text.size() == kDay && text[4] == '-';
  time = status::parse_time(day ? text + "T00:00:00Z" : text);
  return time.has_value();
}

template <typename Query>
constexpr Parameter<Query> kLimit{"limit", "a number from 1 to 500", take_limit<Query>};
template <typename Query>
constexpr Parameter<Query> kCursor{"cursor", "the `next` of an earlier answer, as it is",
                                   take_cursor<Query>};
template <typename Query>
constexpr Parameter<Query> kProvider{"provider", "a provider's slug, as github",
                                     take_provider<Query>};
template <typename Query>
constexpr Parameter<Query> kKind{"kind", "incident, maintenance or component", take_kind<Query>};
constexpr std::string_view kTimeWords = "a time, as 2026-02-20T14:32:00Z, 2026-02-20 or 1771597920";

const std::vector<Parameter<IncidentQuery>> kIncidentParameters{
    kLimit<IncidentQuery>,
    kCursor<IncidentQuery>,
    kProvider<IncidentQuery>,
    {"component", "a component's id or name",
     [](const std::string& text, IncidentQuery& query) {
       return take_text(text, query.component);
     }},
    kKind<IncidentQuery>,
    {"status",
     "investigating, identified, monitoring, resolved, postmortem, scheduled, in_progress, "
     "verifying, completed, operational, degraded_performance, partial_outage, major_outage or "
     "under_maintenance",
     [](const std::string& text, IncidentQuery& query) {
       return take_text(text, query.status) && status::state_from_word(text);
     }},
    {"impact", "none, minor, major, critical or maintenance",
     [](const std::string& text, IncidentQuery& query) {
       return take_text(text, query.impact) && status::impact_from_word(text);
     }},
    {"active", "1 (what is open) or 0 (what is over)",
     [](const std::string& text, IncidentQuery& query) {
       return take_switch(text, query.active.emplace());
     }},
    {"since", kTimeWords,
     [](const std::string& text, IncidentQuery& query) { return take_time(text, query.since); }},
    {"until", kTimeWords,
     [](const std::string& text, IncidentQuery& query) { return take_time(text, query.until); }},
    {"q", "words to search for, at most 200 characters",
     [](const std::string& text, IncidentQuery& query) {
       const auto words = words_to_match(text);
       query.words = words.value_or("");
       return words && text.size() <= kMostSearched;
     }},
};

const std::vector<Parameter<MaintenanceQuery>> kMaintenanceParameters{
    kLimit<MaintenanceQuery>,
    kCursor<MaintenanceQuery>,
    kProvider<MaintenanceQuery>,
    {"upcoming", "1 (what is under way or to come) or 0 (all)",
     [](const std::string& text, MaintenanceQuery& query) {
       return take_switch(text, query.upcoming);
     }},
};

const std::vector<Parameter<ProviderQuery>> kProviderParameters{
    kLimit<ProviderQuery>,
    {"cursor", "the `next` of an earlier answer, as it is",
     [](const std::string& text, ProviderQuery& query) {
       const auto slug = slug_from_cursor(text);
       query.after = slug.value_or("");
       return slug.has_value();
     }},
    {"status",
     "operational, under_maintenance, degraded_performance, partial_outage, major_outage or "
     "unknown",
     [](const std::string& text, ProviderQuery& query) {
       const auto state = status::state_from_word(text);
       return take_text(text, query.status) &&
              (text == kUnknown || (state && *state >= status::State::operational));
     }},
};

const std::vector<Parameter<UnrecognisedQuery>> kUnrecognisedParameters{
    kLimit<UnrecognisedQuery>, kCursor<UnrecognisedQuery>, kProvider<UnrecognisedQuery>};

const std::vector<Parameter<EventQuery>> kEventParameters{
    kProvider<EventQuery>,
    {"last_event_id", "the id of the last event that came",
     [](const std::string& text, EventQuery& query) {
       return take_text(text, query.last_event_id);
     }},
};

const std::vector<Parameter<OneIncidentQuery>> kInPathParameters{kKind<OneIncidentQuery>};

const std::vector<Parameter<OneIncidentQuery>> kByIdParameters{
    {"id", "an incident's id, as in the list",
     [](const std::string& text, OneIncidentQuery& query) { return take_text(text, query.id); }},
    kKind<OneIncidentQuery>,
};

const std::vector<Parameter<OneProviderQuery>> kOneProvider{kProvider<OneProviderQuery>};

}  // namespace

std::optional<IncidentQuery> incident_query(const http::Request& request, std::string& problem) {
  return parse<IncidentQuery>(kIncidentParameters, request, problem);
}

std::optional<MaintenanceQuery> maintenance_query(const http::Request& request,
                                                  std::string& problem) {
  return parse<MaintenanceQuery>(kMaintenanceParameters, request, problem);
}

std::optional<ProviderQuery> provider_query(const http::Request& request, std::string& problem) {
  return parse<ProviderQuery>(kProviderParameters, request, problem);
}

std::optional<UnrecognisedQuery> unrecognised_query(const http::Request& request,
                                                    std::string& problem) {
  return parse<UnrecognisedQuery>(kUnrecognisedParameters, request, problem);
}

std::optional<EventQuery> event_query(const http::Request& request, std::string& problem) {
  return parse<EventQuery>(kEventParameters, request, problem);
}

std::optional<OneIncidentQuery> one_incident_query(const http::Request& request,
                                                   const std::string& name, std::string& problem) {
  const auto slash = name.find('/');
  const bool in_path = slash != std::string::npos;
  auto query =
      parse<OneIncidentQuery>(in_path ? kInPathParameters : kByIdParameters, request, problem);
  if (!query) {
    return std::nullopt;
  }
  query->provider = name.substr(0, slash);
  if (in_path) {
    query->id = name.substr(slash + 1);
  } else if (query->id.empty()) {
    problem = "parameter id: there has to be one, or /incidents/PROVIDER/ID";
    return std::nullopt;
  }
  return query;
}

std::optional<std::string> one_provider_query(const http::Request& request, std::string& problem) {
  const auto query = parse<OneProviderQuery>(kOneProvider, request, problem);
  return query ? std::optional(query->provider) : std::nullopt;
}

bool takes_no_parameters(const http::Request& request, std::string& problem) {
  return parse<std::string>({}, request, problem).has_value();
}

}  // namespace monitor::store
