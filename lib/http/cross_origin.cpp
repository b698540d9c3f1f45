#include "lib/http/cross_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/system/error.h"

namespace monitor::http {
namespace {

using namespace std::string_view_literals;

// Scheme, host and port as a browser sends them: lower case, nothing after, and no port that goes
// without saying (https://fetch.spec.whatwg.org/#origin-header).
bool is_origin(std::string_view text) {
  for (const auto& [scheme, port] : {std::pair{"https://"sv, ":443"sv}, {"http://"sv, ":80"sv}}) {
    if (text.starts_with(scheme)) {
      const std::string_view host = text.substr(scheme.size());
      return !host.empty() && !host.ends_with(port) &&
             std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      std::string_view("-._:[]").find(c) != std::string_view::npos;
             });
    }
  }
  return false;
}

}  // namespace

CrossOrigin::CrossOrigin(std::vector<std::string> origins) : origins_(std::move(origins)) {
  for (const std::string& origin : origins_) {
    any_ = any_ || origin == "*";
    if (origin != "*" && !is_origin(origin)) {
      throw system::ConfigError(
          fmt::format("cannot use --cors-origin {}: give an origin as https://wall.example (lower "
                      "case, no path, no default port), or * for any",
                      origin));
    }
  }
}

bool CrossOrigin::allows(const std::string& origin) const {
  return any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CrossOrigin::allow(const Request& request, Response& response) const {
  if (origins_.empty()) {
    return;
  }
  response.headers.emplace_back("Vary", "Origin");
  const auto origin = request.header("Origin");
  if (origin && allows(*origin)) {
    response.headers.emplace_back("Access-Control-Allow-Origin", any_ ? "*" : *origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", "ETag, Link");
  }
}

Response CrossOrigin::preflight(const Request& request, const std::string& methods) const {
  Response response{.status = 204, .body = {}, .content_type = {}};
  response.headers.emplace_back("Allow", methods);
  allow(request, response);
  const auto origin = request.header("Origin");
  if (origin && !origins_.empty() && allows(*origin)) {
    response.headers.emplace_back("Access-Control-Allow-Methods", methods);
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "Authorization, If-None-Match, Last-Event-ID");
    response.headers.emplace_back("Access-Control-Max-Age", "86400");
  }
  return response;
}

}  // namespace monitor::http
