// The query parameters of each request and what they mean: what a client sends is judged here and
// nowhere else. Pure.
#pragma once

#include <optional>
#include <string>

#include "lib/http/server.h"
#include "store/reader/query.h"

namespace monitor::store {

// Each: nothing, and `problem` says which parameter is wrong and what it takes.
std::optional<IncidentQuery> incident_query(const http::Request& request, std::string& problem);
std::optional<MaintenanceQuery> maintenance_query(const http::Request& request,
                                                  std::string& problem);
std::optional<ProviderQuery> provider_query(const http::Request& request, std::string& problem);
std::optional<UnrecognisedQuery> unrecognised_query(const http::Request& request,
                                                    std::string& problem);
// GET /incidents/PROVIDER/ID, whose ID may hold slashes, and GET /incidents/PROVIDER?id=ID for an
// ID that is no safe part of a path. `name` is what follows /incidents/; `kind` empty: any.
struct OneIncidentQuery {
  std::string provider = {};
  std::string id = {};
  std::string kind = {};
};
std::optional<OneIncidentQuery> one_incident_query(const http::Request& request,
                                                   const std::string& name, std::string& problem);
// `provider` alone; empty: any.
std::optional<std::string> one_provider_query(const http::Request& request, std::string& problem);
// GET /events: `provider` and `last_event_id`.
struct EventQuery {
  std::string provider = {};
  std::string last_event_id = {};
};
std::optional<EventQuery> event_query(const http::Request& request, std::string& problem);
// False when there is any.
bool takes_no_parameters(const http::Request& request, std::string& problem);

}  // namespace monitor::store
