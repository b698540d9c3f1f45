// status-sink-discord: tells a Discord channel through a webhook. An incident is one message, which
// is edited as its state changes.
// https://docs.discord.com/developers/resources/webhook#execute-webhook: ?wait=true answers with
// the message. .../resources/message#embed-object-embed-limits: title 256, description 4,096, field
// name 256 and value 1,024, 25 fields, 6,000 in all. .../topics/rate-limits: 429 says retry_after,
// seconds with a fraction. .../topics/opcodes-and-status-codes#json: the codes of errors.
#include <fmt/format.h>

#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "sinks/delivery/chat.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

// All together stay below 6,000: a title, a description, and fields of which one can be long.
constexpr std::size_t kMaxTitle = 256;
constexpr std::size_t kMaxDescription = 4096;
constexpr std::size_t kMaxValue = 1024;

constexpr int kUnknownMessage = 10008;
constexpr int kTooManyEdits = 30046;  // of a message older than an hour

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\*_~`|<>[]()#@").find(c) != std::string_view::npos) {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

void add_fields(json::Writer& out, const status::StatusUpdate& update) {
  const auto field = [&](const char* name, const std::string& value, bool is_short) {
    out.begin_object().member("name", name).member("value", fit(value, kMaxValue, escape));
    out.member("inline", is_short).end_object();
  };
  out.key("fields").begin_array();
  field("Status", state_in_words(update), true);
  field("Impact", std::string(word(update.impact)), true);
  if (!update.components.empty()) {
    field("Components", components_of(update), false);
  }
  if (update.scheduled_for) {
    field("From", time_in_words(update.scheduled_for), true);
  }
  if (update.scheduled_until) {
    field("Until", time_in_words(update.scheduled_until), true);
  }
  out.end_array();
}

// Nobody is called (@everyone, @here, roles, users), whatever a sender wrote.
void allow_no_mentions(json::Writer& out) {
  out.key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
}

class DiscordSink : public Sink {
 public:
  DiscordSink(const std::string& url, Tools& tools)
      : url_(url.substr(0, url.find('?'))),
        query_(url.size() > url_.size() + 1 ? url.substr(url_.size() + 1) : ""),
        tools_(tools) {
    if (url_.ends_with('/')) {
      url_.pop_back();
    }
  }

  Outcome deliver(const Delivery& delivery) override {
    const std::string body = message_of(delivery.update);
    const auto message = message_to_edit(delivery);
    if (!message) {
      return post(delivery.update, body);
    }
    // An edit made twice does no harm.
    const http::Fetched answer = send("PATCH", "/messages/" + message->id, query_, body);
    const auto code = json::Document::parse(answer.body);
    const auto number = code ? code->root()["code"].integer().value_or(0) : 0;
    if (answer.status >= 400 && (number == kUnknownMessage || number == kTooManyEdits)) {
      return post(delivery.update, body);
    }
    const Outcome outcome = read(answer);
    return outcome.kind == Outcome::Kind::delivered ? delivered_as(*message, delivery.update)
                                                    : outcome;
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    out.begin_object().member("content", in_words(missed));
    allow_no_mentions(out);
    return read(send("POST", "", query_, out.end_object().take()));
  }

 private:
  std::string message_of(const status::StatusUpdate& update) const {
    json::Writer out;
    out.begin_object();
    allow_no_mentions(out);
    out.key("embeds").begin_array().begin_object();
    out.member("title", fit(title_of(update), kMaxTitle, escape));
    out.member("description", fit(tools_.message, update, kMaxDescription, escape));
    out.member("color", colour_of(update));
    out.member("timestamp", system::to_rfc3339_seconds(update.happened_at));
    const std::string link = link_of(update);
    if (!link.empty()) {
      out.member("url", link);
    }
    add_fields(out, update);
    return out.end_object().end_array().end_object().take();
  }
  Outcome post(const status::StatusUpdate& update, const std::string& body) {
    const std::string query = query_.empty() ? "wait=true" : query_ + "&wait=true";
    const http::Fetched answer = send("POST", "", query, body);
    const Outcome outcome = read(answer);
    const auto message = json::Document::parse(answer.body);
    if (outcome.kind != Outcome::Kind::delivered || !message) {
      return outcome;
    }
    return delivered_as({"webhook", message->root()["id"].scalar()}, update);
  }
  http::Fetched send(const std::string& method, const std::string& place, const std::string& query,
                     const std::string& body) {
    http::Outgoing request = post_json(url_ + place + (query.empty() ? "" : "?" + query), body);
    request.method = method;
    return ask(tools_.http, request, path_of(url_));
  }
  static Outcome read(const http::Fetched& answer) {
    const auto body = json::Document::parse(answer.body);
    return judge(answer, "Discord", body ? body->root()["retry_after"].number() : std::nullopt);
  }

  std::string url_;    // without the query,
  std::string query_;  // which may say thread_id=
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  std::string url_file;
  const auto add = [&](system::Options& options) {
    options.text("--webhook-url-file", url_file, "FILE", "With the URL of a channel's webhook");
    options.text("--webhook-url", url, "URL", "The same, for all to see who list the processes");
  };
  const auto make = [&](Tools& tools) {
    return std::make_unique<DiscordSink>(webhook_url(url, url_file), tools);
  };
  return run(argc, argv,
             {.name = "status-sink-discord",
              .summary = "Tells a Discord channel each status update.",
              .options = add,
              .make = make,
              .message = "{message}",
              .http = over_http});
}
