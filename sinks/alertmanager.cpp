// status-sink-alertmanager: each incident is an alert of a Prometheus Alertmanager, from its first
// update to its end. A maintenance is one from its begin, not from its announcement.
// https://prometheus.io/docs/alerting/latest/alerts_api/: POST /api/v2/alerts, a list of labels,
// annotations, startsAt, endsAt, generatorURL. The labels are what an alert is known by, so they
// stay from open to resolved: they are remembered with the incident. When one has to change (the
// severity, or --label), one request ends the alert as it was known and opens the new one.
//
// Prometheus sends its alerts again every minute, so that one without endsAt may be taken for over
// after resolve_timeout (5 min) of silence. Here an update comes when the status page has something
// to say, hours apart: endsAt is --resolve-after ahead of each. An incident that is silent for
// longer is taken for over, and an Alertmanager that restarts forgets it until its next update.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "lib/http/base64.h"
#include "lib/json/writer.h"
#include "lib/status/filter.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

// In characters; there is no documented limit, but this is all that a notification can show.
constexpr std::size_t kMaxDescription = 4000;

using Labels = std::map<std::string, std::string>;

// By the customs of Prometheus' own rules: critical wakes somebody, warning is looked at.
const char* severity_of(const status::StatusUpdate& update) {
  const auto weight = status::weight_of(update).value_or(status::Impact::none);
  return weight == status::Impact::critical ? "critical"
         : weight == status::Impact::none   ? "info"
                                            : "warning";
}

bool fires(status::State state) { return !is_over(state) && state != status::State::scheduled; }

// What identifies an alert that is open: its begin, and its labels as JSON. Kept as one text.
struct Known {
  std::string starts_at;
  std::string labels;

  std::string to_text() const { return starts_at + ' ' + labels; }
  static std::optional<Known> from_text(const std::string& text) {
    const auto blank = text.find(' ');
    return blank == std::string::npos
               ? std::nullopt
               : std::optional(Known{text.substr(0, blank), text.substr(blank + 1)});
  }
};

// Alertmanager refuses a request with a generatorURL that Go's net/url doesn't take: only what is
// beyond doubt, a host by name and escapes that are some.
bool is_plain_url(std::string_view url) {
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  const auto in_host = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
  };
  url.remove_prefix(std::min(url.find("://"), url.size() - 3) + 3);
  const std::string_view host = url.substr(0, url.find_first_of("/?#"));
  for (std::size_t i = host.size(); i < url.size(); ++i) {
    if (url[i] == '%' && (i + 2 >= url.size() || !is_hex(url[i + 1]) || !is_hex(url[i + 2]))) {
      return false;
    }
  }
  return !host.empty() && std::all_of(host.begin(), host.end(), in_host);
}

class AlertmanagerSink : public Sink {
 public:
  AlertmanagerSink(std::string url, std::vector<std::string> headers, Labels labels,
                   std::chrono::seconds resolve_after, Tools& tools)
      : url_(std::move(url)),
        headers_(std::move(headers)),
        labels_(std::move(labels)),
        resolve_after_(resolve_after),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const status::StatusUpdate& update = delivery.update;
    const std::optional<Known> known = Known::from_text(delivery.remembered);
    const Known current{.starts_at = known ? known->starts_at : begin_of(update),
                        .labels = labels_of(update)};
    if (!fires(update.state)) {
      const bool announced_only = !known && !is_over(update.state);
      return announced_only ? Outcome::delivered()
                            : send({alert(known.value_or(current), update, end_of(update))}, "");
    }
    const auto later = system::to_rfc3339(system::now() + resolve_after_);
    std::vector<std::string> alerts{alert(current, update, later)};
    if (known && known->labels != current.labels) {
      alerts.push_back(alert(*known, update, system::to_rfc3339(system::now())));
    }
    return send(alerts, current.to_text());
  }

 private:
  // Neither begin nor end is in the future, whatever the sender's clock says: until then the alert
  // would go on.
  static std::string begin_of(const status::StatusUpdate& update) {
    return system::to_rfc3339(
        std::min(update.created_at.value_or(update.happened_at), system::now()));
  }
  static std::string end_of(const status::StatusUpdate& update) {
    return system::to_rfc3339(
        std::min(update.resolved_at.value_or(update.happened_at), system::now()));
  }

  std::string labels_of(const status::StatusUpdate& update) const {
    Labels labels = labels_;
    labels.insert({{"alertname", "StatusPage"},
                   {"provider", update.provider},
                   {"kind", std::string(word(update.kind))},
                   {"incident_id", update.incident_id},
                   {"severity", severity_of(update)}});
    json::Writer out;
    out.begin_object();
    for (const auto& [name, value] : labels) {
      out.member(name, value);
    }
    return out.end_object().take();
  }

  std::string alert(const Known& known, const status::StatusUpdate& update,
                    const std::string& ends_at) const {
    json::Writer out;
    out.begin_object().key("labels").raw(known.labels).key("annotations").begin_object();
    out.member("summary", title_of(update)).member("status", plain(update.state));
    out.member("description", status::cut(tools_.message.fill(update), kMaxDescription));
    out.member("provider_name", update.provider_name).member("url", update.url).end_object();
    out.member("startsAt", known.starts_at);
    out.member("endsAt", std::max(ends_at, known.starts_at));  // times sort as their text does
    if (is_plain_url(update.url)) {
      out.member("generatorURL", update.url);
    }
    return out.end_object().take();
  }

  Outcome send(const std::vector<std::string>& alerts, std::string remember) {
    const std::string body = fmt::format("[{}]", fmt::join(alerts, ","));
    const Outcome outcome =
        judge(ask(tools_.http, post_json(url_, body, headers_)), "Alertmanager");
    return outcome.kind == Outcome::Kind::delivered ? Outcome::delivered(std::move(remember))
                                                    : outcome;
  }

  std::string url_;
  std::vector<std::string> headers_;
  Labels labels_;
  std::chrono::seconds resolve_after_;
  Tools& tools_;
};

// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels: letters, digits and _,
// no digit first; those that begin with __ are Prometheus' own.
bool is_label_name(std::string_view name) {
  constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  return !name.empty() && !name.starts_with("__") &&
         std::string_view(kLetters).find(name[0]) != std::string_view::npos &&
         name.find_first_not_of(std::string(kLetters) + "0123456789") == std::string_view::npos;
}

Labels labels_from(const std::vector<std::string>& words) {
  constexpr std::string_view kOurs[] = {"alertname", "provider", "kind", "incident_id", "severity"};
  Labels labels;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == word.size() || !is_label_name(name)) {
      throw system::ConfigError(fmt::format("cannot use --label {}: give NAME=VALUE", word));
    }
    if (std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs)) {
      throw system::ConfigError(fmt::format("cannot use --label {}: it is set already", word));
    }
    labels[name] = word.substr(equals + 1);
  }
  return labels;
}

std::vector<std::string> authorization(const std::string& user, const std::string& password_file,
                                       const std::string& token_file) {
  if (user.empty() != password_file.empty() || (!user.empty() && !token_file.empty())) {
    throw system::ConfigError("give --user with --password-file, or --token-file, or none of them");
  }
  if (!token_file.empty()) {
    return {"Authorization: Bearer " + read_secret(token_file, "token")};
  }
  if (user.empty()) {
    return {};
  }
  const std::string pair = user + ":" + read_secret(password_file, "password");
  return {"Authorization: Basic " + http::to_base64(pair)};
}

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  std::string user;
  std::string password_file;
  std::string token_file;
  std::vector<std::string> labels;
  std::chrono::seconds resolve_after = std::chrono::hours(24);
  const auto add = [&](system::Options& options) {
    options.text("--url", url, "URL", "Of Alertmanager: http://localhost:9093");
    options.text("--user", user, "NAME", "For basic authentication");
    options.text("--password-file", password_file, "FILE", "With that user's password");
    options.text("--token-file", token_file, "FILE", "With a bearer token instead");
    options.texts("--label", labels, "NAME=VALUE", "One more label of each alert");
    options.duration("--resolve-after", resolve_after,
                     "An incident that is silent for so long is taken for over");
  };
  const auto make = [&](Tools& tools) {
    return std::make_unique<AlertmanagerSink>(base_url(url, "--url") + "/api/v2/alerts",
                                              authorization(user, password_file, token_file),
                                              labels_from(labels), resolve_after, tools);
  };
  return run(argc, argv,
             {.name = "status-sink-alertmanager",
              .summary = "Opens and resolves an alert of Alertmanager for each incident.",
              .options = add,
              .make = make,
              .message = "{message}",
              .http = over_http});
}
