#include "store/api/api.h"

#include <fmt/format.h>

#include <utility>

#include "lib/system/version.h"
#include "store/api/parameters.h"
#include "store/api/render.h"

namespace monitor::store {
namespace {

constexpr std::string_view kDetailPrefix = "/incidents/";
constexpr std::string_view kPaths =
    "GET /incidents, /incidents/PROVIDER/ID, /unrecognised, /health, /metrics and / are here";

constexpr std::string_view kFrontPage =
    R"(status-store {}: the incidents that status pages told of by webhook

GET /incidents               what is known, newest first, as JSON; filters: provider, kind, status,
                             impact, active=1|0; pages: limit (50, at most 500), cursor (the `next`
                             of the page before). active=1 leaves out a component that is part of
                             an incident listed itself, unless kind, status or impact is given
GET /incidents/PROVIDER/ID   one incident with all its updates; kind= when a component has the same id
GET /unrecognised            webhooks that nobody could read, a sample of each shape, newest first;
                             filter: provider; pages as above
GET /health                  whether this works, how much it knows, how far behind the feed it is
GET /metrics                 the same for Prometheus
)";

http::Response text_response(std::string body, std::string content_type) {
  http::Response response;
  response.body = std::move(body);
  response.content_type = std::move(content_type);
  return response;
}

http::Response unreadable(const storage::Error& error) {
  return http::error_response(503, fmt::format("the database can't be read: {}", error.what()));
}

}  // namespace

Api::Api(const std::string& database, http::TokenCheck tokens, const SharedCondition& condition)
    : reader_(database), tokens_(std::move(tokens)), condition_(condition) {}

std::optional<http::Response> Api::admit(const http::Request& head) {
  if (!tokens_.empty() && !tokens_.accepts(head)) {
    return http::unauthorized();
  }
  if (head.method != "GET" && head.method != "HEAD") {
    http::Response refusal =
        http::error_response(405, fmt::format("{} does nothing here: use GET", head.method));
    refusal.headers.emplace_back("Allow", "GET, HEAD");
    return refusal;
  }
  return std::nullopt;
}

void Api::serve(http::Exchange exchange) {
  http::Response response = respond(exchange.request());
  exchange.answer(std::move(response));
}

http::Response Api::respond(const http::Request& request) {
  try {
    return route(request);
  } catch (const storage::Error& error) {
    return unreadable(error);
  }
}

http::Response Api::route(const http::Request& request) {
  if (request.path == "/incidents") {
    return list(request);
  }
  if (request.path == "/unrecognised") {
    return unrecognised(request);
  }
  if (request.path == "/health") {
    return health();
  }
  if (request.path == "/metrics") {
    return metrics();
  }
  if (request.path == "/") {
    return text_response(fmt::format(fmt::runtime(kFrontPage), system::kVersion),
                         "text/plain; charset=utf-8");
  }
  if (request.path.starts_with(kDetailPrefix)) {
    return detail(request);
  }
  return http::error_response(404, kPaths);
}

http::Response Api::list(const http::Request& request) {
  std::string problem;
  const auto query = incident_query(request, problem);
  return query ? http::json_response(200, to_json(reader_.incidents(*query)))
               : http::error_response(400, problem);
}

http::Response Api::unrecognised(const http::Request& request) {
  std::string problem;
  const auto query = unrecognised_query(request, problem);
  return query ? http::json_response(200, to_json(reader_.unrecognised(*query)))
               : http::error_response(400, problem);
}

http::Response Api::detail(const http::Request& request) {
  std::string problem;
  const auto kind = kind_query(request, problem);
  if (!kind) {
    return http::error_response(400, problem);
  }
  // An id may hold slashes, a provider's slug may not.
  const std::string rest = request.path.substr(kDetailPrefix.size());
  const auto slash = rest.find('/');
  if (slash == std::string::npos) {
    return http::error_response(404, kPaths);
  }
  const std::string provider = rest.substr(0, slash);
  const std::string id = rest.substr(slash + 1);
  const auto found = reader_.incident(provider, id, *kind);
  return found ? http::json_response(200, to_json(*found))
               : http::error_response(
                     404, fmt::format("provider '{}' has no incident '{}' here", provider, id));
}

http::Response Api::health() {
  Condition condition = condition_.get();
  std::optional<Figures> figures;
  try {
    figures = reader_.figures();
  } catch (const storage::Error& error) {
    condition.trouble = fmt::format("the database can't be read: {}", error.what());
  }
  return http::json_response(condition.trouble.empty() ? 200 : 503,
                             health_json(figures, condition, system::now()));
}

http::Response Api::metrics() {
  return text_response(metrics_text(reader_.figures(), condition_.get()),
                       "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace monitor::store
