#include "receiver/route.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/status/format.h"
#include "lib/status/text.h"

namespace monitor::receiver {
namespace {

Route webhook_route(std::string_view rest) {
  const auto slash = rest.find('/');
  Route route{.kind = Route::Kind::webhook,
              .format = std::string(rest.substr(0, slash)),
              .provider = {},
              .problem = {}};
  if (slash != std::string_view::npos) {
    route.provider = rest.substr(slash + 1);
    if (status::to_slug(route.provider) != route.provider || route.provider.empty()) {
      route.kind = Route::Kind::unknown;
      route.problem = fmt::format(
          "'{}' can't name a provider: use lower-case letters, digits and single dashes, at most "
          "{}",
          status::to_line(status::cut(route.provider, status::kMaxSlug)), status::kMaxSlug);
    }
  }
  if (route.format != status::kAutoFormat && status::find_format(route.format) == nullptr) {
    route.kind = Route::Kind::unknown;
    route.problem = fmt::format("no such format: /webhook/FORMAT takes {}",
                                fmt::join(status::format_names(), ", "));
  }
  return route;
}

}  // namespace

Route route_of(const std::string& path) {
  constexpr std::string_view kWebhook = "/webhook/";
  const std::string_view view(path);
  if (view.starts_with(kWebhook)) {
    return webhook_route(view.substr(kWebhook.size()));
  }
  if (view == "/webhook") {
    return webhook_route(status::kAutoFormat);
  }
  Route route;
  if (view == "/test") {
    route.kind = Route::Kind::test;
  } else if (view == "/health") {
    route.kind = Route::Kind::health;
  } else if (view == "/metrics") {
    route.kind = Route::Kind::metrics;
  } else if (view == "/") {
    route.kind = Route::Kind::index;
  } else if (view == "/incidents") {
    route.kind = Route::Kind::incidents;
  }
  return route;
}

std::string methods_of(const Route& route) {
  if (route.kind == Route::Kind::test) {
    return "POST";
  }
  if (route.kind != Route::Kind::webhook) {
    return "GET, HEAD";
  }
  const status::Format* format = status::find_format(route.format);
  return format == nullptr || format->any_verb ? "POST, PUT, PATCH" : "POST";
}

std::string advice_on(const Route& route) {
  if (route.kind == Route::Kind::incidents) {
    return "incidents are served by status-store, by default at http://127.0.0.1:5001/incidents";
  }
  return route.problem.empty() ? "no such path: POST /webhook/FORMAT, POST "
                                 "/webhook/FORMAT/PROVIDER, POST /test, GET /health, GET /metrics"
                               : route.problem;
}

}  // namespace monitor::receiver
