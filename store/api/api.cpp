#include "store/api/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/http/negotiation.h"
#include "store/api/atom.h"
#include "store/api/badge.h"
#include "store/api/icalendar.h"
#include "store/api/openapi.h"
#include "store/api/paging.h"
#include "store/api/parameters.h"
#include "store/api/render.h"
#include "store/board/board.h"

namespace monitor::store {

// The database and what stands on it, of one moment.
struct Api::View {
  Reader& reader;
  ProviderPages& pages;
  Metrics& metrics;
  system::Time now;
};

struct Api::Route {
  std::string_view path;
  std::string_view suffix;  // with one, or where `path` ends with a slash, a name comes between
  http::Response (*answer)(const http::Request& request, const std::string& name, View& view);
};

namespace {

constexpr std::string_view kMethods = "GET, HEAD, OPTIONS";
constexpr std::string_view kPaths =
    "here are GET / (the board), /incidents, /incidents/PROVIDER/ID, /providers, /providers/SLUG, "
    "/maintenances, /unrecognised, /events, /feed.atom, /maintenance.ics, /badge/SLUG.svg, "
    "/health, /metrics and /openapi.json";

http::Response text_response(std::string body, std::string content_type) {
  http::Response response;
  response.body = std::move(body);
  response.content_type = std::move(content_type);
  return response;
}

http::Response unreadable(std::string_view reason) {
  return http::error_response(503, fmt::format("the database can't be read: {}", reason));
}

http::Response bad(const std::string& problem) { return http::error_response(400, problem); }

http::Response no_provider(const std::string& slug) {
  return http::error_response(404, fmt::format("nothing was ever heard of provider '{}'", slug));
}

http::Response page_response(const http::Request& request, std::string json,
                             const std::string& next) {
  http::Response response = http::json_response(200, std::move(json));
  if (!next.empty()) {
    response.headers.emplace_back("Link", next_link(request, next));
  }
  return response;
}

template <typename Page>
std::string next_of(const Page& page) {
  return page.next ? to_cursor(*page.next) : std::string();
}

http::Response incidents(const http::Request& request, Reader& reader) {
  std::string problem;
  const auto query = incident_query(request, problem);
  if (!query) {
    return bad(problem);
  }
  const IncidentPage page = reader.incidents(*query);
  return page_response(request, to_json(page), next_of(page));
}

http::Response incident(const http::Request& request, const std::string& name, Reader& reader) {
  std::string problem;
  const auto query = one_incident_query(request, name, problem);
  if (!query) {
    return bad(problem);
  }
  const auto found = reader.incident(query->provider, query->id, query->kind);
  return found ? http::json_response(200, to_json(*found))
               : http::error_response(404, fmt::format("provider '{}' has no incident '{}' here",
                                                       query->provider, query->id));
}

http::Response maintenances(const http::Request& request, Reader& reader, system::Time now) {
  std::string problem;
  const auto query = maintenance_query(request, problem);
  if (!query) {
    return bad(problem);
  }
  const IncidentPage page = reader.maintenances(*query, now);
  return page_response(request, to_json(page, "maintenances"), next_of(page));
}

http::Response providers(const http::Request& request, Reader& reader, ProviderPages& pages,
                         system::Time now) {
  std::string problem;
  const auto query = provider_query(request, problem);
  if (!query) {
    return bad(problem);
  }
  ProviderPage page = pages.page(reader, *query, now);
  return page_response(request, std::move(page.json), page.next);
}

http::Response provider(const http::Request& request, const std::string& slug, Reader& reader,
                        system::Time now) {
  std::string problem;
  if (!takes_no_parameters(request, problem)) {
    return bad(problem);
  }
  const auto view = reader.provider(slug, now);
  return view ? http::json_response(200, to_json(*view, view->components.size()))
              : no_provider(slug);
}

http::Response unrecognised(const http::Request& request, Reader& reader) {
  std::string problem;
  const auto query = unrecognised_query(request, problem);
  if (!query) {
    return bad(problem);
  }
  const UnrecognisedPage page = reader.unrecognised(*query);
  return page_response(request, to_json(page), next_of(page));
}

// A feed reader shows what is new since yesterday, a calendar what is planned and what was.
constexpr int kFeedEntries = 50;
constexpr int kCalendarEntries = 200;

// Whom a feed is of: nothing for a provider that nobody heard of, or a wrong parameter, and
// `refusal` is what to answer then.
std::optional<FeedHead> feed_head(const http::Request& request, Reader& reader,
                                  http::Response& refusal) {
  std::string problem;
  const auto slug = one_provider_query(request, problem);
  if (!slug || slug->empty()) {
    refusal = bad(problem);
    return slug ? std::optional(FeedHead{}) : std::nullopt;
  }
  const auto name = reader.provider_name(*slug);
  refusal = no_provider(*slug);
  return name ? std::optional(FeedHead{*slug, *name}) : std::nullopt;
}

http::Response feed(const http::Request& request, Reader& reader) {
  http::Response refusal;
  const auto head = feed_head(request, reader, refusal);
  return head ? text_response(atom_feed(*head, reader.details({.limit = kFeedEntries,
                                                               .provider = head->provider,
                                                               .components = false})),
                              "application/atom+xml; charset=utf-8")
              : std::move(refusal);
}

http::Response calendar(const http::Request& request, Reader& reader) {
  http::Response refusal;
  const auto head = feed_head(request, reader, refusal);
  const std::string kind(word(status::Kind::maintenance));
  return head
             ? text_response(maintenance_calendar(*head, reader.details({.limit = kCalendarEntries,
                                                                         .provider = head->provider,
                                                                         .kind = kind})),
                             "text/calendar; charset=utf-8")
             : std::move(refusal);
}

// Shown where somebody else's page embeds it: nothing in it may run there.
http::Response badge(const http::Request& request, const std::string& slug, Reader& reader,
                     system::Time now) {
  std::string problem;
  if (!takes_no_parameters(request, problem)) {
    return bad(problem);
  }
  const auto view = reader.provider(slug, now);
  if (!view) {
    return no_provider(slug);
  }
  http::Response response = text_response(badge_svg(view->name, view->status), "image/svg+xml");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'");
  return response;
}

http::Response metrics_page(Reader& reader, Metrics& metrics, system::Time now) {
  http::Response response =
      text_response(metrics.text(reader.figures(), now), metrics::kExpositionType);
  response.lasting = false;
  return response;
}

}  // namespace

const Api::Route* Api::find(const std::string& path) {
  static constexpr std::array<Route, 10> kRoutes{{
      {"/incidents", "",
       [](const auto& request, const auto&, View& view) {
         return incidents(request, view.reader);
       }},
      {"/incidents/", "",
       [](const auto& request, const auto& name, View& view) {
         return incident(request, name, view.reader);
       }},
      {"/providers", "",
       [](const auto& request, const auto&, View& view) {
         return providers(request, view.reader, view.pages, view.now);
       }},
      {"/providers/", "",
       [](const auto& request, const auto& name, View& view) {
         return provider(request, name, view.reader, view.now);
       }},
      {"/maintenances", "",
       [](const auto& request, const auto&, View& view) {
         return maintenances(request, view.reader, view.now);
       }},
      {"/unrecognised", "",
       [](const auto& request, const auto&, View& view) {
         return unrecognised(request, view.reader);
       }},
      {"/feed.atom", "",
       [](const auto& request, const auto&, View& view) { return feed(request, view.reader); }},
      {"/maintenance.ics", "",
       [](const auto& request, const auto&, View& view) { return calendar(request, view.reader); }},
      {"/badge/", ".svg",
       [](const auto& request, const auto& name, View& view) {
         return badge(request, name, view.reader, view.now);
       }},
      {"/metrics", "",
       [](const auto&, const auto&, View& view) {
         return metrics_page(view.reader, view.metrics, view.now);
       }},
  }};
  const auto matches = [&](const Route& route) {
    const bool named = route.path.ends_with('/');
    return named ? path.size() > route.path.size() + route.suffix.size() &&
                       path.starts_with(route.path) && path.ends_with(route.suffix)
                 : path == route.path;
  };
  const auto* const found = std::find_if(kRoutes.begin(), kRoutes.end(), matches);
  return found == kRoutes.end() ? nullptr : found;
}

Api::Api(const std::string& database, http::TokenCheck tokens, const SharedCondition& condition,
         http::CrossOrigin origins)
    : database_(database),
      tokens_(std::move(tokens)),
      condition_(condition),
      origins_(std::move(origins)),
      metrics_(condition) {}

void Api::open(const std::function<void()>& prepare) {
  const std::lock_guard lock(mutex_);
  reader_.reset();
  prepare();
  reader_.emplace(database_);
  pages_ = {};
  cache_.clear();
}

void Api::close() {
  const std::lock_guard lock(mutex_);
  reader_.reset();
}

std::optional<http::Response> Api::admit(const http::Request& head) {
  if (head.method == "OPTIONS") {
    return std::nullopt;
  }
  if (!tokens_.empty() && !tokens_.accepts(head)) {
    return http::unauthorized();
  }
  if (head.method != "GET" && head.method != "HEAD") {
    http::Response refusal =
        http::error_response(405, fmt::format("{} does nothing here: use GET", head.method));
    refusal.headers.emplace_back("Allow", kMethods);
    return refusal;
  }
  return std::nullopt;
}

void Api::serve(http::Exchange exchange) {
  http::Response response = respond(exchange.request());
  exchange.answer(std::move(response));
}

http::Response Api::respond(const http::Request& request) {
  if (request.method == "OPTIONS") {
    return origins_.preflight(request, std::string(kMethods));
  }
  http::Response response = http::negotiate(request, content(request));
  origins_.allow(request, response);
  return response;
}

http::Response Api::content(const http::Request& request) {
  try {
    if (request.path == "/events") {
      return follow(request);
    }
    const std::lock_guard lock(mutex_);
    return answer(request);
  } catch (const storage::Error& error) {
    return unreadable(error.what());
  }
}

http::Response Api::answer(const http::Request& request) {
  if (request.path == "/health") {
    return health();
  }
  if (request.path == "/openapi.json") {
    return text_response(std::string(openapi_text()), "application/json");
  }
  if (const BoardFile* const file = board_file(request.path)) {
    http::Response response =
        text_response(std::string(file->content), std::string(file->content_type));
    response.headers = board_headers();
    return response;
  }
  const Route* const route = find(request.path);
  if (route == nullptr) {
    return http::error_response(404, kPaths);
  }
  if (!reader_) {
    return unreadable(condition_.get().trouble);
  }
  const std::string name = request.path.substr(
      route->path.size(), request.path.size() - route->path.size() - route->suffix.size());
  View view{*reader_, pages_, metrics_, system::now()};
  const auto minute = std::chrono::floor<std::chrono::minutes>(view.now).time_since_epoch().count();
  if (auto known = cache_.find(request, {reader_->version(), minute})) {
    return *std::move(known);
  }
  http::Response response = route->answer(request, name, view);
  cache_.keep(request, response);
  return response;
}

http::Response Api::health() {
  Condition condition = condition_.get();
  std::optional<Figures> figures;
  try {
    figures = reader_ ? std::optional(reader_->figures()) : std::nullopt;
  } catch (const storage::Error& error) {
    condition.trouble = fmt::format("the database can't be read: {}", error.what());
  }
  http::Response response = http::json_response(figures && condition.trouble.empty() ? 200 : 503,
                                                health_json(figures, condition, system::now()));
  response.lasting = false;
  return response;
}

http::Response Api::follow(const http::Request& request) {
  std::string problem;
  const auto query = event_query(request, problem);
  if (!query) {
    return bad(problem);
  }
  {
    const std::lock_guard lock(mutex_);
    if (!reader_) {
      return unreadable(condition_.get().trouble);
    }
  }
  // Outside the lock: the hub asks this Api for what the database keeps.
  const auto header = request.header("Last-Event-ID");
  auto stream = events_.follow(query->provider, header.value_or(query->last_event_id));
  if (!stream) {
    http::Response full = http::error_response(503, "too many readers of /events, try again later");
    full.headers.emplace_back("Retry-After", "10");
    return full;
  }
  http::Response response = text_response({}, "text/event-stream");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // nginx would hold events back
  response.stream = std::move(stream);
  return response;
}

std::vector<Event> Api::events_after(std::int64_t place, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  try {
    return reader_ ? reader_->events_after(place, limit) : std::vector<Event>{};
  } catch (const storage::Error&) {
    return {};  // asked again with the next news; /health tells of it
  }
}

std::optional<std::int64_t> Api::place_of(const Seen& seen) {
  const std::lock_guard lock(mutex_);
  return reader_ ? reader_->place_of(seen) : std::nullopt;
}

Standing Api::standing() {
  const std::lock_guard lock(mutex_);
  if (!reader_) {
    return {};
  }
  auto [place, streams] = reader_->newest_event();
  return {place, std::move(streams)};
}

}  // namespace monitor::store
