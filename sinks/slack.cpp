// status-sink-slack: tells a Slack channel. Through an incoming webhook each update is a message of
// its own; with a bot's token and a channel an incident is one message that is edited as its state
// changes, and each later update is also said in its thread.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// https://docs.slack.dev/reference/methods/chat.postMessage and .../chat.update: the answer is 200
// even for errors, which its "error" names. https://docs.slack.dev/apis/web-api/rate-limits
// https://docs.slack.dev/reference/block-kit/blocks: a header has at most 150 characters, a
// section's text 3,000, each of its at most 10 fields 2,000.
// https://docs.slack.dev/messaging/formatting-message-text: & < > are escaped.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "sinks/delivery/chat.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

constexpr const char* kApi = "https://slack.com/api";
constexpr std::size_t kMaxHeader = 150;
constexpr std::size_t kMaxSection = 3000;
constexpr std::size_t kMaxField = 2000;
constexpr std::size_t kMaxTitle = 500;  // of a line; Slack has no limit that is nearer

// Quotes stay as they are.
std::string escape(std::string_view text) { return with_references(text, "&<>"); }

std::string title_line(const status::StatusUpdate& update) {
  const std::string title = fit(title_of(update), kMaxTitle, escape);
  const std::string link = escape(link_of(update));
  return fmt::format("{} {}", symbol_of(update),
                     link.empty() ? title : fmt::format("<{}|{}>", link, title));
}

// `verbatim`: names in it (@here, #general) are not looked for, so that nobody is called by what a
// sender wrote.
void mrkdwn(json::Writer& out, const std::string& text) {
  out.begin_object().member("type", "mrkdwn").member("text", text);
  out.member("verbatim", true).end_object();
}

void add_fields(json::Writer& out, const status::StatusUpdate& update) {
  const auto field = [&](const char* name, const std::string& value) {
    mrkdwn(out, fmt::format("*{}*\n{}", name, fit(value, kMaxField - 20, escape)));
  };
  out.key("fields").begin_array();
  field("Impact", std::string(word(update.impact)));
  if (!update.components.empty()) {
    field("Components", components_of(update));
  }
  if (update.scheduled_for) {
    field("From", time_in_words(update.scheduled_for));
  }
  if (update.scheduled_until) {
    field("Until", time_in_words(update.scheduled_until));
  }
  out.end_array();
}

// What notifications show is the text; the card is the attachment, which alone can have a colour.
void add_message(json::Writer& out, const status::StatusUpdate& update, const Template& message) {
  out.member("text", title_line(update));
  out.key("attachments").begin_array().begin_object();
  out.member("color", fmt::format("#{:06X}", colour_of(update))).key("blocks").begin_array();
  out.begin_object().member("type", "header").key("text").begin_object();
  out.member("type", "plain_text").member("text", fit(state_in_words(update), kMaxHeader));
  out.end_object().end_object();
  out.begin_object().member("type", "section").key("text");
  mrkdwn(out, fit(message, update, kMaxSection, escape));
  add_fields(out, update);
  out.end_object().begin_object().member("type", "context").key("elements").begin_array();
  mrkdwn(out, fmt::format("{} · {} UTC", fit(update.provider_name, kMaxHeader, escape),
                          system::to_plain(update.happened_at)));
  out.end_array().end_object().end_array().end_object().end_array();
}

// Of the page that the title leads to.
void show_no_previews(json::Writer& out) {
  out.member("unfurl_links", false).member("unfurl_media", false);
}

class WebhookSink : public Sink {
 public:
  WebhookSink(std::string url, Tools& tools) : url_(std::move(url)), tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    json::Writer out;
    add_message(out.begin_object(), delivery.update, tools_.message);
    show_no_previews(out);
    return send(out);
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    out.begin_object().member("text", in_words(missed));
    return send(out);
  }

 private:
  Outcome send(json::Writer& out) {
    const auto request = post_json(url_, out.end_object().take());
    return judge(ask(tools_.http, request, path_of(url_)), "Slack");
  }

  std::string url_;
  Tools& tools_;
};

template <std::size_t N>
bool is_among(std::string_view error, const std::array<std::string_view, N>& errors) {
  return std::find(errors.begin(), errors.end(), error) != errors.end();
}

bool is_passing(std::string_view error) {
  constexpr std::array<std::string_view, 6> kPassing{"ratelimited",     "rate_limited",
                                                     "internal_error",  "service_unavailable",
                                                     "request_timeout", "fatal_error"};
  return is_among(error, kPassing);
}

bool is_gone(std::string_view error) {
  constexpr std::array<std::string_view, 3> kGone{"message_not_found", "cant_update_message",
                                                  "edit_window_closed"};
  return is_among(error, kGone);
}

struct Answer {
  Outcome outcome;
  std::string error = {};
  ChatMessage message = {};
};

class BotSink : public Sink {
 public:
  BotSink(std::string api, std::string token, std::string channel, Tools& tools)
      : api_(std::move(api)),
        token_(std::move(token)),
        channel_(std::move(channel)),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const auto message = message_to_edit(delivery);
    return message ? change(*message, delivery) : post(delivery.update);
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    begin(out, channel_).member("text", in_words(missed));
    return call("chat.postMessage", out).outcome;
  }

 private:
  Outcome post(const status::StatusUpdate& update) {
    json::Writer out;
    add_message(begin(out, channel_), update, tools_.message);
    show_no_previews(out);
    const Answer answer = call("chat.postMessage", out);
    return answer.outcome.kind == Outcome::Kind::delivered ? delivered_as(answer.message, update)
                                                           : answer.outcome;
  }

  // First the edit, which may be made twice without harm, then the reply, which may not: if the
  // reply fails for now, the next try must not lead to it by way of an edit that fails. `edited_`
  // keeps the tries from making the same edit again each time.
  Outcome change(const ChatMessage& message, const Delivery& delivery) {
    if (edited_ != delivery.key) {
      const Answer answer = edit(message, delivery.update);
      // Of another channel than the one configured now: what fails there is no reason to be silent.
      const bool elsewhere = message.place != channel_;
      const bool refused = answer.outcome.kind == Outcome::Kind::rejected;
      if (refused && (is_gone(answer.error) || elsewhere)) {
        return post(delivery.update);
      }
      if (answer.outcome.kind != Outcome::Kind::delivered) {
        return answer.outcome;
      }
      edited_ = delivery.key;
    }
    const Outcome replied = reply(message, delivery.update);
    if (replied.kind == Outcome::Kind::retry) {
      return replied;
    }
    if (replied.kind == Outcome::Kind::rejected) {  // the message says it, which is what counts
      system::log_warning("an update is not in its thread: " + replied.reason);
    }
    return delivered_as(message, delivery.update);
  }
  Answer edit(const ChatMessage& message, const status::StatusUpdate& update) {
    json::Writer out;
    begin(out, message.place).member("ts", message.id);
    add_message(out, update, tools_.message);
    return call("chat.update", out);
  }
  Outcome reply(const ChatMessage& message, const status::StatusUpdate& update) {
    json::Writer out;
    begin(out, message.place).member("thread_ts", message.id);
    out.member("text", fmt::format("*{}*\n{}", state_in_words(update),
                                   fit(tools_.message, update, kMaxSection, escape)));
    return call("chat.postMessage", out).outcome;
  }

  // parse none: as `verbatim`; chat.update would look for names without being told to.
  static json::Writer& begin(json::Writer& out, const std::string& channel) {
    return out.begin_object().member("channel", channel).member("parse", "none");
  }
  Answer call(const std::string& method, json::Writer& out) {
    const auto request = post_json(api_ + "/" + method, out.end_object().take(),
                                   {"Authorization: Bearer " + token_});
    return read(ask(tools_.http, request, token_));
  }
  Answer read(const http::Fetched& fetched) const {
    const Outcome outcome = judge(fetched, "Slack");
    const auto body = json::Document::parse(fetched.body);
    if (outcome.kind != Outcome::Kind::delivered || tools_.dry_run) {
      return {.outcome = outcome};
    }
    if (!body || !body->root()["ok"].boolean()) {
      return {.outcome = Outcome::retry("what answers is not Slack's Web API: " +
                                        status::cut(status::to_line(fetched.body), 80))};
    }
    const json::View root = body->root();
    if (*root["ok"].boolean()) {
      return {.outcome = outcome,
              .message = {std::string(root["channel"].text()), std::string(root["ts"].text())}};
    }
    std::string error(root["error"].text());
    const std::string reason = "Slack answers " + error;
    return {.outcome = is_passing(error) ? Outcome::retry(reason) : Outcome::rejected(reason),
            .error = std::move(error)};
  }

  std::string api_;
  std::string token_;
  std::string channel_;
  std::string edited_;  // the delivery whose message has been edited and whose reply has not come
  Tools& tools_;
};

struct Settings {
  std::string url;
  std::string url_file;
  std::string token_file;
  std::string channel;
  std::string api;
};

void add_options(system::Options& options, Settings& settings) {
  options.text("--webhook-url-file", settings.url_file, "FILE",
               "With the URL of an incoming webhook");
  options.text("--webhook-url", settings.url, "URL",
               "The same, for all to see who list the processes");
  options.text("--token-file", settings.token_file, "FILE",
               "With a bot's token (xoxb-...) instead");
  options.text("--channel", settings.channel, "ID", "Where the bot posts: C0123456789");
  options.text("--api-url", settings.api, "URL", std::string("Of the Web API, if not ") + kApi);
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Tools& tools) {
  if (settings.token_file.empty()) {
    return std::make_unique<WebhookSink>(webhook_url(settings.url, settings.url_file), tools);
  }
  if (!settings.url.empty() || !settings.url_file.empty()) {
    throw system::UsageError("give a webhook's URL or a token, not both");
  }
  const std::string& channel = settings.channel;
  if (channel.empty() || channel.find_first_of("# @") != std::string::npos) {
    throw system::UsageError("give the channel's ID with --channel, as C0123456789");
  }
  const std::string api = settings.api.empty() ? kApi : settings.api;
  check_url(api, "--api-url");
  return std::make_unique<BotSink>(api, read_secret(settings.token_file, "token"), channel, tools);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  return run(argc, argv,
             {.name = "status-sink-slack",
              .summary = "Tells a Slack channel each status update.",
              .options = [&](system::Options& options) { add_options(options, settings); },
              .make = [&](Tools& tools) { return make_sink(settings, tools); },
              .message = "{message}",
              .http = over_http});
}
