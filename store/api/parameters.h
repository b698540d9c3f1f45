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
// Of GET /incidents/PROVIDER/ID: `kind` alone; empty: any.
std::optional<std::string> kind_query(const http::Request& request, std::string& problem);
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
