// The parameters of GET /incidents and /unrecognised and what they mean. Pure functions; what a
// client sends is judged here and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/http/server.h"
#include "store/reader/records.h"

namespace monitor::store {

inline constexpr int kDefaultLimit = 50;
// A page of 500 incidents is half a MiB of JSON, and some ms of the one thread that serves all
// clients.
inline constexpr int kMostLimit = 500;

struct IncidentQuery {
  int limit = kDefaultLimit;
  std::optional<Position> after = {};
  // Empty, or nothing: any.
  std::string provider = {};
  std::string kind = {};
  std::string status = {};
  std::string impact = {};
  std::optional<bool> active = {};
};

// Nothing, and `problem` says which parameter is wrong and what it takes.
std::optional<IncidentQuery> parse_query(const http::Request& request, std::string& problem);
// The same for GET /unrecognised, which takes `limit`, `cursor` and `provider`.
std::optional<IncidentQuery> parse_unrecognised_query(const http::Request& request,
                                                      std::string& problem);
// The same for GET /incidents/PROVIDER/ID, which takes `kind` alone; empty: any.
std::optional<std::string> parse_kind(const http::Request& request, std::string& problem);

// The `cursor` that a client hands back to go on after `position`; to it the text means nothing.
std::string to_cursor(const Position& position);
std::optional<Position> from_cursor(std::string_view text);

}  // namespace monitor::store
