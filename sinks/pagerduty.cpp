// status-sink-pagerduty: an alert of PagerDuty for each incident, by the Events API v2: triggered
// when it opens and again at each update (the same dedup_key, so that it is the same alert),
// resolved when it is over. A maintenance is no problem but a change: it becomes a change event,
// which pages nobody.
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/: routing_key (32 characters),
// event_action, dedup_key (at most 255), summary (at most 1,024), source and severity. An
// acknowledge or a resolve of what was never triggered is dropped, so that it pages nobody.
// https://developer.pagerduty.com/docs/events-api-v2/send-change-events/
// https://developer.pagerduty.com/docs/events-api-v2/overview/#response-codes--retry-logic: 202;
// 400 is for good, 429 and 5xx pass. At most 512 KB.
#include <fmt/format.h>

#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/status/digest.h"
#include "lib/status/filter.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

constexpr std::size_t kRoutingKeySize = 32;
constexpr std::size_t kMaxSummary = 1024;
// Of `component`, which has no documented limit: what a line of a pager shows, and more.
constexpr std::size_t kMaxField = 1024;
// In bytes; leaves room for everything else in 512 KB.
constexpr std::size_t kMaxDetails = 256 << 10;
// In characters, of a message that would not fit otherwise.
constexpr std::size_t kMaxMessage = 10'000;
// What is remembered of an incident while it has an alert.
constexpr const char kTriggered[] = "triggered";

const char* severity_of(const status::StatusUpdate& update) {
  constexpr const char* kSeverities[] = {"info", "warning", "error", "critical"};
  return kSeverities[static_cast<int>(status::weight_of(update).value_or(status::Impact::none))];
}

bool is_being_handled(status::State state) {
  return state == status::State::identified || state == status::State::monitoring;
}

// All parts of the update as README.md documents them.
std::string details_of(const Delivery& delivery) {
  if (delivery.json.size() <= kMaxDetails) {
    return delivery.json;
  }
  status::StatusUpdate shorter = delivery.update;
  shorter.message = status::cut(shorter.message, kMaxMessage);
  shorter.components.clear();  // their names stand in `component`
  return status::to_json(shorter);
}

// The errors that an "invalid event" lists, when it does.
std::string errors_in(const std::string& body) {
  std::string errors;
  if (const auto document = json::Document::parse(body)) {
    const json::View list = document->root()["errors"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      errors += fmt::format("{}{}", errors.empty() ? "" : "; ", list.at(i).scalar());
    }
  }
  return status::cut(status::to_line(errors), kMaxField);
}

class PagerDutySink : public Sink {
 public:
  PagerDutySink(std::string api_url, std::string routing_key, bool acknowledge, Tools& tools)
      : api_url_(std::move(api_url)),
        routing_key_(std::move(routing_key)),
        acknowledge_(acknowledge),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const bool fault = status::weight_of(delivery.update).has_value();
    if (is_over(delivery.update.state) && (fault || delivery.remembered == kTriggered)) {
      return remembering("", act("resolve", delivery));
    }
    if (!fault) {
      return send("/v2/change/enqueue", change_event(delivery));
    }
    Outcome outcome = act("trigger", delivery);
    if (outcome.kind == Outcome::Kind::delivered && acknowledge_ &&
        is_being_handled(delivery.update.state)) {
      outcome = act("acknowledge", delivery);  // if it fails, triggering again changes nothing
    }
    return remembering(kTriggered, outcome);
  }

 private:
  static Outcome remembering(const char* what, Outcome outcome) {
    return outcome.kind == Outcome::Kind::delivered ? Outcome::delivered(what) : outcome;
  }

  Outcome act(const char* action, const Delivery& delivery) {
    const status::StatusUpdate& update = delivery.update;
    json::Writer out;
    out.begin_object().member("routing_key", routing_key_).member("event_action", action);
    out.member("dedup_key",
               status::digest({update.provider, word(update.kind), update.incident_id}));
    if (action == std::string_view("trigger")) {
      out.member("client", "Status Monitor");
      out.key("payload").begin_object();
      add_common(out, delivery);
      out.member("severity", severity_of(update)).member("group", update.provider_name);
      out.member("class", word(update.kind));
      if (!update.components.empty()) {
        out.member("component", status::cut(components_of(update), kMaxField));
      }
      out.end_object();
      add_links(out, update);
    }
    return send("/v2/enqueue", out.end_object().take());
  }

  std::string change_event(const Delivery& delivery) const {
    json::Writer out;
    out.begin_object().member("routing_key", routing_key_).key("payload").begin_object();
    add_common(out, delivery);
    out.end_object();
    add_links(out, delivery.update);
    return out.end_object().take();
  }

  // Of the payload of both.
  void add_common(json::Writer& out, const Delivery& delivery) const {
    const status::StatusUpdate& update = delivery.update;
    const std::string summary = tools_.message.fill(update);
    out.member("summary", status::cut(summary.empty() ? title_of(update) : summary, kMaxSummary));
    out.member("source", update.provider);
    out.member("timestamp", system::to_rfc3339(update.happened_at));
    out.key("custom_details").raw(details_of(delivery));
  }

  static void add_links(json::Writer& out, const status::StatusUpdate& update) {
    if (!update.url.empty()) {
      out.key("links").begin_array().begin_object().member("href", update.url);
      out.member("text", "Status page of " + update.provider_name).end_object().end_array();
    }
  }

  Outcome send(const char* path, std::string body) {
    const auto answer = ask(tools_.http, post_json(api_url_ + path, std::move(body)), routing_key_);
    const std::string errors = answer.status == 400 ? errors_in(answer.body) : "";
    return errors.empty() ? judge(answer, "PagerDuty")
                          : Outcome::rejected("PagerDuty answers 400, invalid event: " + errors);
  }

  std::string api_url_;
  std::string routing_key_;
  bool acknowledge_;
  Tools& tools_;
};

std::string read_routing_key(const std::string& path) {
  if (path.empty()) {
    throw system::ConfigError("give --routing-key-file: the integration key of Events API v2");
  }
  std::string key = read_secret(path, "routing key");
  if (key.size() != kRoutingKeySize) {
    throw system::ConfigError(
        fmt::format("cannot use routing key file {}: an integration key has {} characters", path,
                    kRoutingKeySize));
  }
  return key;
}

}  // namespace

int main(int argc, char** argv) {
  std::string key_file;
  std::string api_url = "https://events.pagerduty.com";
  bool acknowledge = false;
  const auto add = [&](system::Options& options) {
    options.text("--routing-key-file", key_file, "FILE",
                 "With the integration key of a service's Events API v2");
    options.text("--api-url", api_url, "URL", "In the EU: https://events.eu.pagerduty.com");
    options.toggle("--acknowledge", acknowledge,
                   "Acknowledge when the page says identified or monitoring");
  };
  const auto make = [&](Tools& tools) {
    const std::string base = base_url(api_url, "--api-url");
    std::string key = read_routing_key(key_file);
    if (tools.dry_run) {
      key.assign(kRoutingKeySize, '*');  // it would be shown
    }
    return std::make_unique<PagerDutySink>(base, std::move(key), acknowledge, tools);
  };
  return run(argc, argv,
             {.name = "status-sink-pagerduty",
              .summary = "Triggers and resolves an alert of PagerDuty for each incident.",
              .options = add,
              .make = make,
              .message = "{title}. {Status}: {message}",
              .http = over_http});
}
