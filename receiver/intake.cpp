#include "receiver/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/http/address.h"
#include "lib/http/token.h"
#include "lib/system/clock.h"
#include "lib/system/log.h"
#include "receiver/report.h"
#include "receiver/sample.h"

namespace monitor::receiver {
namespace {

using Kind = Route::Kind;

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

feed::Event event_of(std::string format, status::Identity identity, system::Time now,
                     std::string body) {
  return {.stream = {},
          .seq = 0,
          .received_at = now,
          .format = std::move(format),
          .provider = std::move(identity.slug),
          .provider_name = std::move(identity.name),
          .test = false,
          .body = std::move(body)};
}

struct Delivery {
  const Policy& policy;
  const Policy::TopicRule& rule;
  json::View body;
  const http::Request& request;
  system::Time now;
};
// Why an envelope is not taken; "" when it is, and then `envelope` is what is left to be verified,
// if anything. Its signature stands in for the receiver's token, not for a token of the provider's
// own.
std::string problem_of_delivery(const Delivery& sns, std::optional<SnsEnvelope>& envelope) {
  std::string problem = sns.rule.refusal;
  if (problem.empty() && sns.rule.verify) {
    envelope = SnsEnvelope::parse(sns.body, problem);
  }
  if (problem.empty() && (!sns.rule.verify || sns.rule.entry->credentials.own())) {
    problem = sns.policy.refuse(sns.rule.entry, sns.request, sns.now).value_or("");
  }
  return problem;
}

// Any page that is open in a browser on this machine can send a form to loopback, and needs
// nobody's leave. Browsers say so (https://fetch.spec.whatwg.org/#origin-header), senders of
// webhooks are none.
bool is_sent_by_a_page(const http::Request& head) {
  return head.header("Origin") || head.header("Sec-Fetch-Site");
}

}  // namespace

Intake::Intake(const ReceiverOptions& options, const SharedPolicy& policy, AcceptedQueue& queue,
               Counters& counters, const http::Server& server, http::Fetcher& fetcher)
    : options_(options),
      policy_(policy),
      queue_(queue),
      counters_(counters),
      server_(server),
      loopback_(http::is_loopback(options.host)),
      sns_desk_(fetcher, [this](SnsDesk::Case one, const SnsVerdict& verdict) {
        decide(std::move(one), verdict);
      }) {}

std::optional<http::Response> Intake::admit(const http::Request& head) {
  const Route route = route_of(head.path);
  // No path here needs %XX: whoever writes one that way means to get past somebody.
  if (route.kind == Kind::unknown || route.kind == Kind::incidents || head.escaped_path) {
    ++counters_.unknown_path;
    return refuse(head, http::error_response(404, advice_on(route)));
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
  const bool posts = route.kind == Kind::webhook || route.kind == Kind::test;
  if (posts && is_sent_by_a_page(head) && !policy->tokens().accepts(head)) {
    ++counters_.unauthorized;
    return refuse(head, http::error_response(
                            403, "this comes from a web page, which may post only with the token"));
  }
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
      return exchange.answer(metrics(counters_, server_, system::now()));
    default:
      return exchange.answer(index());
  }
}

void Intake::take_webhook(const Route& route, http::Exchange exchange) {
  const http::Request& request = exchange.request();
  const auto policy = policy_.get();
  std::string format = format_of(route, *policy, request.body);
  status::ClueCollector collector(status::find_format(format));
  if (const auto error = json::scan(request.body, &collector)) {
    return exchange.answer(turn_down(request, *error));
  }
  if (format == kSnsFormat || format == status::kAutoFormat) {
    const auto document = json::Document::parse(request.body);
    if (document && SnsEnvelope::is_one(document->root())) {
      return take_envelope(route, *policy, document->root(), collector.take(), std::move(exchange));
    }
  }
  status::Identity identity = policy->providers().identify(route.provider, collector.take());
  if (format == status::kAutoFormat && identity.entry != nullptr &&
      !identity.entry->format.empty()) {
    format = identity.entry->format;
  }
  const system::Time now = system::now();
  if (const auto reason = policy->refuse(identity, request, now)) {
    return exchange.answer(turn_away(request, identity.slug, *reason));
  }
  feed::Event event =
      event_of(std::move(format), std::move(identity), now, std::move(exchange.request().body));
  event.mapping = policy->mapping_of(event);
  enqueue(std::move(event), std::move(exchange));
}

// The topic tells who it is, and Amazon's signature that it is true.
void Intake::take_envelope(const Route& route, const Policy& policy, json::View body,
                           status::Clues clues, http::Exchange exchange) {
  const http::Request& request = exchange.request();
  const system::Time now = system::now();
  const auto rule = policy.rule_of_topic(route.provider, std::string(body["TopicArn"].text()));
  std::optional<SnsEnvelope> envelope;
  const std::string problem = problem_of_delivery({policy, rule, body, request, now}, envelope);
  if (!problem.empty()) {
    const std::string& who = rule.entry != nullptr ? rule.entry->slug : route.provider;
    return exchange.answer(
        turn_away(request, who.empty() ? std::string(kSnsFormat) : who, problem));
  }
  feed::Event event =
      event_of(std::string(kSnsFormat), policy.providers().identify(rule.entry->slug, clues), now,
               std::move(exchange.request().body));
  if (!envelope) {
    return enqueue(std::move(event), std::move(exchange));
  }
  SnsDesk::Case one{std::move(event), std::move(exchange), std::move(*envelope)};
  if (!sns_desk_.push(one)) {
    decide(std::move(one),
           {SnsVerdict::Kind::not_now, "too many messages of Amazon SNS wait to be checked"});
  }
}

// On the desk's thread, as a rule.
void Intake::decide(SnsDesk::Case one, const SnsVerdict& verdict) {
  const http::Request& request = one.exchange.request();
  switch (verdict.kind) {
    case SnsVerdict::Kind::refused:
      return one.exchange.answer(turn_away(request, one.event.provider, verdict.reason));
    case SnsVerdict::Kind::not_now:
      ++counters_.not_verified;
      tell_once(fmt::format("cannot check a webhook of {} now (503, it comes again): {}",
                            one.event.provider, verdict.reason));
      return one.exchange.answer(refuse(request, try_again(verdict.reason)));
    case SnsVerdict::Kind::good:
      break;
  }
  if (one.envelope.type == SnsEnvelope::Type::subscription_confirmation) {
    system::log_info(fmt::format("confirmed the subscription of SNS topic {}", one.envelope.topic));
  } else if (one.envelope.type == SnsEnvelope::Type::unsubscribe_confirmation) {
    tell_once(fmt::format(
        "the subscription of SNS topic {} was ended, nothing more comes from it; if nobody meant "
        "that, subscribe again",
        one.envelope.topic));
  }
  enqueue(std::move(one.event), std::move(one.exchange));
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

http::Response Intake::turn_down(const http::Request& request, const json::Error& error) {
  ++counters_.not_json;
  const std::string reason =
      request.body.empty()
          ? "the body is empty, it must be JSON"
          : fmt::format("the body is not JSON: {} (at offset {})", error.reason, error.offset);
  return refuse(request, http::error_response(400, reason));
}

http::Response Intake::turn_away(const http::Request& request, const std::string& who,
                                 const std::string& reason) {
  ++counters_.unauthorized;
  tell_once(fmt::format("refused a webhook of {} (401): {}", who, reason));
  return refuse(request, http::unauthorized(reason));
}

// A sender with a wrong secret comes again and again, and strangers make up new reasons: each is
// told once an hour, and only so many.
void Intake::tell_once(const std::string& what) {
  constexpr std::size_t kMostTold = 1000;
  constexpr std::chrono::hours kForget{1};
  const std::lock_guard lock(told_mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - told_since_ > kForget) {
    told_.clear();
    told_since_ = now;
  }
  if (told_.size() < kMostTold && told_.insert(what).second) {
    system::log_warning(what + "; more like it are counted, not told");
  } else if (told_.size() == kMostTold && told_.insert("the rest").second) {
    system::log_warning("webhooks are refused for more reasons than can be told, see /metrics");
  }
}

http::Response Intake::refuse(const http::Request& head, http::Response response) {
  if (options_.debug) {
    system::log(system::Level::debug, fmt::format("{} {}: {} {}", head.method, head.path,
                                                  response.status, response.body));
  }
  return response;
}

}  // namespace monitor::receiver
