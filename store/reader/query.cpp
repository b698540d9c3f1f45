#include "store/reader/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <vector>

#include "lib/status/update.h"

namespace monitor::store {
namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

bool take_limit(std::string_view text, IncidentQuery& query) {
  const auto limit = parse_number<int>(text);
  query.limit = limit.value_or(0);
  return limit && *limit >= 1 && *limit <= kMostLimit;
}

bool take_cursor(std::string_view text, IncidentQuery& query) {
  query.after = from_cursor(text);
  return query.after.has_value();
}

bool take_provider(std::string_view text, IncidentQuery& query) {
  query.provider = text;
  return !text.empty();
}

bool take_kind(std::string_view text, IncidentQuery& query) {
  query.kind = text;
  return status::kind_from_word(text).has_value();
}

bool take_status(std::string_view text, IncidentQuery& query) {
  query.status = text;
  return status::state_from_word(text).has_value();
}

bool take_impact(std::string_view text, IncidentQuery& query) {
  query.impact = text;
  return status::impact_from_word(text).has_value();
}

bool take_active(std::string_view text, IncidentQuery& query) {
  query.active = text == "1";
  return text == "1" || text == "0";
}

struct Parameter {
  std::string_view name;
  std::string_view takes;
  bool (*take)(std::string_view text, IncidentQuery& query);
};

constexpr Parameter kKind{"kind", "incident, maintenance or component", take_kind};

constexpr Parameter kLimit{"limit", "a number from 1 to 500", take_limit};
constexpr Parameter kCursor{"cursor", "the `next` of an earlier answer, as it is", take_cursor};
constexpr Parameter kProvider{"provider", "a provider's slug, as github", take_provider};

const std::vector<Parameter> kListParameters{
    kLimit,
    kCursor,
    kProvider,
    kKind,
    {"status",
     "investigating, identified, monitoring, resolved, postmortem, scheduled, in_progress, "
     "verifying, completed, operational, degraded_performance, partial_outage, major_outage or "
     "under_maintenance",
     take_status},
    {"impact", "none, minor, major, critical or maintenance", take_impact},
    {"active", "1 (what is open) or 0 (what is over)", take_active},
};

constexpr std::array kUnrecognisedParameters{kLimit, kCursor, kProvider};

// The token may come as a parameter; that is the affair of http::TokenCheck.
constexpr std::string_view kTokenParameter = "token";

std::string names_of(std::span<const Parameter> known) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : known) {
    names.push_back(parameter.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// "" when the parameter is as it should be.
std::string take(std::span<const Parameter> known, const std::string& name,
                 const std::string& value, IncidentQuery& query) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Parameter& parameter) {
    return parameter.name == name;
  });
  if (found == known.end()) {
    return fmt::format("parameter {}: there is none of this name; known: {}", name,
                       names_of(known));
  }
  return found->take(value, query) ? std::string()
                                   : fmt::format("parameter {}: '{}' is not what it takes: {}",
                                                 name, value, found->takes);
}

std::optional<IncidentQuery> parse(std::span<const Parameter> known, const http::Request& request,
                                   std::string& problem) {
  IncidentQuery query;
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

}  // namespace

std::optional<IncidentQuery> parse_query(const http::Request& request, std::string& problem) {
  return parse(kListParameters, request, problem);
}

std::optional<IncidentQuery> parse_unrecognised_query(const http::Request& request,
                                                      std::string& problem) {
  return parse(kUnrecognisedParameters, request, problem);
}

std::optional<std::string> parse_kind(const http::Request& request, std::string& problem) {
  const auto query = parse(std::span(&kKind, 1), request, problem);
  return query ? std::optional(query->kind) : std::nullopt;
}

std::string to_cursor(const Position& position) {
  return fmt::format("{:x}-{:x}", position.updated_at, position.row);
}

std::optional<Position> from_cursor(std::string_view text) {
  Position position;
  const char* const end = text.data() + text.size();
  const auto time = std::from_chars(text.data(), end, position.updated_at, 16);
  if (time.ec != std::errc() || time.ptr == end || *time.ptr != '-') {
    return std::nullopt;
  }
  const auto row = std::from_chars(time.ptr + 1, end, position.row, 16);
  const bool whole = row.ec == std::errc() && row.ptr == end;
  return whole ? std::optional(position) : std::nullopt;
}

}  // namespace monitor::store
