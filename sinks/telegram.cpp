// status-sink-telegram: tells a Telegram chat through a bot. An incident is one message, which is
// edited as its state changes; only a new message that is grave makes a sound.
// https://core.telegram.org/bots/api#making-requests: the token is part of the URL, an error says
// "description", 429 "parameters":{"retry_after":seconds}. #sendmessage: at most 4,096 characters
// after entities parsing. #editmessagetext. #html-style: & < > are escaped.
#include <fmt/format.h>

#include <algorithm>

#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/status/filter.h"
#include "lib/system/error.h"
#include "sinks/delivery/chat.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

constexpr const char* kApi = "https://api.telegram.org";
// Counted with the escapes, which is never less than after parsing. The limit is of all three.
constexpr std::size_t kMaxTitle = 300;
constexpr std::size_t kMaxComponents = 500;
constexpr std::size_t kMaxText = 4096 - kMaxTitle - kMaxComponents - 20;

bool is_mild(const status::StatusUpdate& update) {
  const auto weight = status::weight_of(update);
  return is_over(update.state) || !weight || *weight < status::Impact::major;
}

std::string html_of(const status::StatusUpdate& update, const Template& message) {
  std::string title = fmt::format("<b>{}</b>", fit(title_of(update), kMaxTitle, escape_html));
  const std::string link = escape_html(link_of(update));
  if (!link.empty()) {
    title = fmt::format("<a href=\"{}\">{}</a>", link, title);
  }
  const std::string components = fit(components_of(update), kMaxComponents, escape_html);
  return fmt::format("{} {}\n{}{}", symbol_of(update), title,
                     fit(message, update, kMaxText, escape_html),
                     components.empty() ? "" : "\n<i>" + components + "</i>");
}

struct Answer {
  http::Fetched fetched;
  Outcome outcome;
  std::string description;
  std::string message_id;
};

bool says(const Answer& answer, std::string_view part) {
  return answer.fetched.status == 400 && answer.description.find(part) != std::string::npos;
}

class TelegramSink : public Sink {
 public:
  TelegramSink(const std::string& api, std::string token, std::string chat, Tools& tools)
      : url_(api + "/bot" + token + "/"),
        token_(std::move(token)),
        chat_(std::move(chat)),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const status::StatusUpdate& update = delivery.update;
    const auto message = message_to_edit(delivery);
    if (!message || message->place != chat_) {
      return post(update);
    }
    const Answer answer = edit(message->id, update);
    if (says(answer, "message to edit not found") || says(answer, "message can't be edited")) {
      return post(update);
    }
    // Made before, by a try whose answer got lost, or the new state reads like the old one.
    const bool same = says(answer, "message is not modified");
    const bool delivered = same || answer.outcome.kind == Outcome::Kind::delivered;
    return delivered ? delivered_as(*message, update) : answer.outcome;
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    begin(out, in_words(missed)).member("disable_notification", true);
    return call("sendMessage", out).outcome;
  }

 private:
  Outcome post(const status::StatusUpdate& update) {
    json::Writer out;
    begin(out, html_of(update, tools_.message)).member("disable_notification", is_mild(update));
    const Answer answer = call("sendMessage", out);
    return answer.outcome.kind == Outcome::Kind::delivered
               ? delivered_as({chat_, answer.message_id}, update)
               : answer.outcome;
  }
  Answer edit(const std::string& id, const status::StatusUpdate& update) {
    json::Writer out;
    begin(out, html_of(update, tools_.message)).key("message_id").raw(id);
    return call("editMessageText", out);
  }
  json::Writer& begin(json::Writer& out, const std::string& html) const {
    out.begin_object().member("chat_id", chat_).member("text", html).member("parse_mode", "HTML");
    out.key("link_preview_options").begin_object().member("is_disabled", true).end_object();
    return out;
  }
  Answer call(const std::string& method, json::Writer& out) {
    const auto request = post_json(url_ + method, out.end_object().take());
    Answer answer{.fetched = ask(tools_.http, request, token_),
                  .outcome = {},
                  .description = {},
                  .message_id = {}};
    const auto body = json::Document::parse(answer.fetched.body);
    const json::View root = body ? body->root() : json::View();
    answer.outcome = judge(answer.fetched, "Telegram", root["parameters"]["retry_after"].number());
    answer.description = root["description"].text();
    const auto id = root["result"]["message_id"].integer();
    answer.message_id = id ? std::to_string(*id) : "";
    return answer;
  }

  std::string url_;  // holds the token
  std::string token_;
  std::string chat_;
  Tools& tools_;
};

// "123456:ABC-def_1": it becomes part of a URL.
std::string bot_token(const std::string& file) {
  std::string token = read_secret(file, "token");
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ':' ||
           c == '-' || c == '_';
  };
  if (token.find(':') == std::string::npos || !std::all_of(token.begin(), token.end(), fits)) {
    throw system::ConfigError("cannot use token file " + file +
                              ": a bot's token is digits, a colon and letters");
  }
  return token;
}

std::unique_ptr<Sink> make_sink(const std::string& api, const std::string& token_file,
                                const std::string& chat, Tools& tools) {
  const std::string server = api.empty() ? kApi : api;
  check_url(server, "--api-url");
  if (token_file.empty() || chat.empty() || chat.find(' ') != std::string::npos) {
    throw system::UsageError("give the bot's token with --token-file, and --chat");
  }
  return std::make_unique<TelegramSink>(server, bot_token(token_file), chat, tools);
}

}  // namespace

int main(int argc, char** argv) {
  std::string token_file;
  std::string chat;
  std::string api;
  const auto add = [&](system::Options& options) {
    options.text("--token-file", token_file, "FILE", "With the bot's token, of @BotFather");
    options.text("--chat", chat, "ID", "A chat's number, or a channel's @name");
    options.text("--api-url", api, "URL", "Of the Bot API, if not https://api.telegram.org");
  };
  return run(argc, argv,
             {.name = "status-sink-telegram",
              .summary = "Tells a Telegram chat each status update.",
              .options = add,
              .make = [&](Tools& tools) { return make_sink(api, token_file, chat, tools); },
              .message = "{Status}. {message}",
              .http = over_http});
}
