#include "receiver/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/http/address.h"
#include "lib/http/token.h"
#include "lib/status/text.h"
#include "lib/system/clock.h"
#include "lib/system/log.h"
#include "receiver/report.h"
#include "receiver/sample.h"

namespace monitor::receiver {
namespace {

using Kind = Route::Kind;

http::Response not_found(const Route& route) {
  if (route.kind == Kind::incidents) {
    return http::error_response(404,
                                "incidents are served by status-store, by default at "
                                "http://127.0.0.1:5001/incidents");
  }
  return http::error_response(
      404, route.problem.empty()
               ? "no such path: POST /webhook/FORMAT, POST /webhook/FORMAT/PROVIDER,"
                 " POST /test, GET /health, GET /metrics"
               : route.problem);
}

// As Allow lists them. Some senders let their user choose the verb.
std::string methods_of(const Route& route) {
  if (route.kind == Kind::test) {
    return "POST";
  }
  if (route.kind != Kind::webhook) {
    return "GET, HEAD";
  }
  const status::Format* format = status::find_format(route.format);
  return format == nullptr || format->any_verb ? "POST, PUT, PATCH" : "POST";
}

// How the body is to be read: as the path says, with "auto" as the provider's entry says or as its
// shape tells; "auto" again when neither does.
std::string format_of(const Route& route, const Policy& policy, std::string_view body) {
  if (route.format != status::kAutoFormat) {
    return route.format;
  }
  const status::Provider* entry = policy.providers().find(route.provider);
  if (entry != nullptr && !entry->format.empty()) {
    return entry->format;
  }
  const status::Format* detected = status::detect(body);
  return std::string(detected == nullptr ? status::kAutoFormat : detected->name);
}

Route webhook_route(std::string_view rest) {
  const auto slash = rest.find('/');
  Route route{.kind = Kind::webhook,
              .format = std::string(rest.substr(0, slash)),
              .provider = {},
              .problem = {}};
  if (slash != std::string_view::npos) {
    route.provider = rest.substr(slash + 1);
    if (status::to_slug(route.provider) != route.provider || route.provider.empty()) {
      route.kind = Kind::unknown;
      route.problem = fmt::format(
          "'{}' can't name a provider: use lower-case letters, digits and single dashes, at most "
          "{}",
          status::to_line(status::cut(route.provider, status::kMaxSlug)), status::kMaxSlug);
    }
  }
  if (route.format != status::kAutoFormat && status::find_format(route.format) == nullptr) {
    route.kind = Kind::unknown;
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
    route.kind = Kind::test;
  } else if (view == "/health") {
    route.kind = Kind::health;
  } else if (view == "/metrics") {
    route.kind = Kind::metrics;
  } else if (view == "/") {
    route.kind = Kind::index;
  } else if (view == "/incidents") {
    route.kind = Kind::incidents;
  }
  return route;
}

Intake::Intake(const ReceiverOptions& options, const SharedPolicy& policy, AcceptedQueue& queue,
               Counters& counters, const http::Server& server)
    : options_(options),
      policy_(policy),
      queue_(queue),
      counters_(counters),
      server_(server),
      loopback_(http::is_loopback(options.host)) {}

std::optional<http::Response> Intake::admit(const http::Request& head) {
  const Route route = route_of(head.path);
  if (route.kind == Kind::unknown || route.kind == Kind::incidents) {
    ++counters_.unknown_path;
    return refuse(head, not_found(route));
  }
  if (auto refusal = check_method(route, head)) {
    return refusal;
  }
  return check_access(route, head);
}

std::optional<http::Response> Intake::check_method(const Route& route, const http::Request& head) {
  const std::string right = methods_of(route);
  for (std::string_view rest(right); !rest.empty();) {
    const std::string_view method = rest.substr(0, rest.find(','));
    if (method == head.method) {
      return std::nullopt;
    }
    rest.remove_prefix(std::min(method.size() + 2, rest.size()));
  }
  ++counters_.wrong_method;
  http::Response response = http::error_response(405, fmt::format("{} takes {}", head.path, right));
  response.headers.emplace_back("Allow", right);
  return refuse(head, std::move(response));
}

// /health tells strangers nothing and is what platforms ask to see whether we live; /metrics is for
// those who belong here.
std::optional<http::Response> Intake::check_access(const Route& route, const http::Request& head) {
  const auto policy = policy_.get();
  const bool good = route.kind == Kind::health || route.kind == Kind::index ||
                    (route.kind == Kind::metrics && (loopback_ || policy->open())) ||
                    (route.kind == Kind::test && test_is_harmless(head)) ||
                    (route.kind == Kind::webhook ? policy->may_post(route.provider, head)
                                                 : policy->tokens().accepts(head));
  if (good) {
    return std::nullopt;
  }
  if (route.kind == Kind::test && policy->tokens().empty()) {  // no token could ever open it
    ++counters_.unknown_path;
    return refuse(head,
                  http::error_response(404, "/test is served on loopback only, or with the token"));
  }
  ++counters_.unauthorized;
  return refuse(head, http::unauthorized());
}

// Somebody at this machine, not a stranger whom a proxy lets through.
bool Intake::test_is_harmless(const http::Request& head) const {
  return loopback_ && !head.header("Forwarded") && !head.header("X-Forwarded-For");
}

void Intake::serve(http::Exchange exchange) {
  const Route route = route_of(exchange.request().path);
  switch (route.kind) {
    case Kind::webhook:
      return take_webhook(route, std::move(exchange));
    case Kind::test:
      return take_test(std::move(exchange));
    case Kind::health:
      return exchange.answer(health(counters_, server_, system::now()));
    case Kind::metrics:
      return exchange.answer(metrics(counters_, server_));
    default:
      return exchange.answer(index());
  }
}

void Intake::take_webhook(const Route& route, http::Exchange exchange) {
  const http::Request& request = exchange.request();
  const auto policy = policy_.get();
  std::string format = format_of(route, *policy, request.body);
  status::ClueCollector collector(status::find_format(format));
  const auto error = json::scan(request.body, &collector);
  if (error) {
    ++counters_.not_json;
    const std::string reason =
        request.body.empty()
            ? "the body is empty, it must be JSON"
            : fmt::format("the body is not JSON: {} (at offset {})", error->reason, error->offset);
    return exchange.answer(refuse(request, http::error_response(400, reason)));
  }
  const system::Time now = system::now();
  status::Identity identity = policy->providers().identify(route.provider, collector.take());
  if (format == status::kAutoFormat && identity.entry != nullptr &&
      !identity.entry->format.empty()) {
    format = identity.entry->format;
  }
  if (const auto reason = policy->refuse(identity.entry, request, now)) {
    return exchange.answer(turn_away(request, identity.slug, *reason));
  }
  feed::Event event{.stream = {},
                    .seq = 0,
                    .received_at = now,
                    .format = std::move(format),
                    .provider = std::move(identity.slug),
                    .provider_name = std::move(identity.name),
                    .test = false,
                    .body = std::move(exchange.request().body)};
  event.mapping = policy->mapping_of(event);
  enqueue(std::move(event), std::move(exchange));
}

void Intake::take_test(http::Exchange exchange) {
  enqueue(sample_event(system::now()), std::move(exchange));
}

void Intake::enqueue(feed::Event event, http::Exchange exchange) {
  Accepted accepted{std::move(event), std::move(exchange)};
  ++counters_.pending;
  if (!queue_.push(accepted)) {
    --counters_.pending;
    ++counters_.too_many;
    accepted.exchange.answer(refuse(accepted.exchange.request(),
                                    try_again("too many webhooks are waiting, or the receiver is "
                                              "shutting down; try again")));
  }
}

// A sender with a wrong secret comes again and again: each reason is told once.
http::Response Intake::turn_away(const http::Request& request, const std::string& who,
                                 const std::string& reason) {
  constexpr std::size_t kMostTold = 1000;
  ++counters_.unauthorized;
  if (turned_away_.size() < kMostTold && turned_away_.insert(who + ' ' + reason).second) {
    system::log_warning(fmt::format(
        "refused a webhook of {} (401): {}; more like it are counted, not told", who, reason));
  }
  return refuse(request, http::unauthorized(reason));
}

http::Response Intake::refuse(const http::Request& head, http::Response response) {
  if (options_.debug) {
    system::log(system::Level::debug, fmt::format("{} {}: {} {}", head.method, head.path,
                                                  response.status, response.body));
  }
  return response;
}

}  // namespace monitor::receiver
