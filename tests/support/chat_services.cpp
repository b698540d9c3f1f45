#include "tests/support/chat_services.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>

#include "tests/support/json.h"

namespace monitor::tests {
namespace {

// In UTF-16 units, the strictest way that any of them might count.
std::size_t length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += byte < 0x80 || byte >= 0xC0 ? 1 : 0;
    units += byte >= 0xF0 ? 1 : 0;
  }
  return units;
}

bool within(std::string_view text, std::size_t most) {
  return !text.empty() && length(text) <= most;
}

std::string text_of(json::View view) { return std::string(view.text()); }

// Every & begins one of the three escapes; < and > only stand around `links`.
bool is_mrkdwn(const std::string& text) {
  static const std::regex kLink(R"(<https?://[^\s<>|]+\|[^<>|]+>)");
  static const std::regex kEscape("&(amp|lt|gt);");
  const std::string rest = std::regex_replace(std::regex_replace(text, kLink, ""), kEscape, "");
  return rest.find_first_of("<>&") == std::string::npos;
}

http::Response telegram_error(int code, const std::string& description) {
  return http::json_response(
      code, fmt::format(R"({{"ok":false,"error_code":{},"description":"{}"}})", code, description));
}

http::Response slack_error(const std::string& error) {
  return http::json_response(200, fmt::format(R"({{"ok":false,"error":"{}"}})", error));
}

}  // namespace

http::Response ChatService::serve(const http::Request& request) {
  std::function<void()> call;
  http::Response response;
  {
    const std::lock_guard lock(mutex_);
    const auto body = json::Document::parse(request.body);
    rule(body.has_value(), "the body is JSON");
    rule(request.header("Content-Type").value_or("").starts_with("application/json"), "its type");
    if (!refused_.empty() && request.body.find(refused_) != std::string::npos) {
      return refusal();
    }
    response = answer(request, body ? body->root() : json::View());
    call = std::exchange(call_, nullptr);
  }
  if (call) {
    call();
  }
  return response;
}

std::vector<ChatService::Message> ChatService::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}
std::string ChatService::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}
void ChatService::delete_messages() {
  const std::lock_guard lock(mutex_);
  messages_.clear();
}
void ChatService::before_next_answer(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  call_ = std::move(call);
}
void ChatService::refuse(std::string text) {
  const std::lock_guard lock(mutex_);
  refused_ = std::move(text);
}
void ChatService::rule(bool kept, const std::string& name) {
  if (!kept) {
    broken_ += name + "\n";
  }
}
ChatService::Message* ChatService::find(const std::string& id) {
  const auto found = std::find_if(messages_.begin(), messages_.end(),
                                  [&](const Message& message) { return message.id == id; });
  return found == messages_.end() ? nullptr : &*found;
}
std::string ChatService::add(const http::Request& request) {
  messages_.push_back({.id = std::to_string(1000 + ++ids_), .body = request.body});
  return messages_.back().id;
}

http::Response SlackService::too_many(int seconds) const {
  http::Response response = slack_error("ratelimited");
  response.status = 429;
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

http::Response SlackService::refusal() const { return slack_error("channel_not_found"); }

http::Response SlackService::answer(const http::Request& request, json::View body) {
  rule(request.method == "POST", "Slack is asked by POST");
  rule(within(body["text"].text(), 4000) && is_mrkdwn(text_of(body["text"])), "text");
  const bool reply_only = body["thread_ts"].present();
  if (body["attachments"].present()) {
    judge_card(body);
  }
  if (request.path == kSlackHook) {
    add(request);
    return {.status = 200, .body = "ok", .content_type = "text/html"};
  }
  rule(request.header("Authorization") == std::string("Bearer ") + kSlackToken, "Authorization");
  rule(body["channel"].text() == "C0123", "channel");
  rule(body["parse"].text() == "none", "parse");
  if (request.path == "/api/chat.update") {
    return update(request, body);
  }
  rule(request.path == "/api/chat.postMessage", "the method " + request.path);
  if (reply_only) {
    return reply(body);
  }
  return http::json_response(
      200, fmt::format(R"({{"ok":true,"channel":"C0123","ts":"{}","message":{}}})", add(request),
                       request.body));
}

http::Response SlackService::update(const http::Request& request, json::View body) {
  Message* const message = find(text_of(body["ts"]));
  if (message == nullptr) {
    return slack_error("message_not_found");
  }
  message->body = request.body;
  ++message->edits;
  return http::json_response(
      200, fmt::format(R"({{"ok":true,"channel":"C0123","ts":"{}"}})", message->id));
}

http::Response SlackService::reply(json::View body) {
  Message* const message = find(text_of(body["thread_ts"]));
  if (message == nullptr) {
    return slack_error("thread_not_found");
  }
  message->replies.push_back(text_of(body["text"]));
  return http::json_response(200, R"({"ok":true,"channel":"C0123","ts":"1.2"})");
}

void SlackService::judge_card(json::View body) {
  static const std::regex kColour("#[0-9A-F]{6}");
  const json::View card = body["attachments"].at(0);
  rule(std::regex_match(text_of(card["color"]), kColour), "color");
  const json::View blocks = card["blocks"];
  rule(blocks.size() >= 1 && blocks.size() <= 50, "blocks");
  const auto mrkdwn = [this](json::View text, std::size_t most, const std::string& name) {
    rule(text["type"].text() == "mrkdwn" && text["verbatim"].boolean().value_or(false) &&
             within(text["text"].text(), most) && is_mrkdwn(text_of(text["text"])),
         name);
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const json::View block = blocks.at(i);
    const std::string type = text_of(block["type"]);
    rule(type == "header" || type == "section" || type == "context", "block " + type);
    if (type == "header") {
      rule(
          block["text"]["type"].text() == "plain_text" && within(block["text"]["text"].text(), 150),
          "header");
    } else if (type == "section") {
      mrkdwn(block["text"], 3000, "section");
      rule(block["fields"].size() <= 10, "fields");
    }
    const json::View parts = type == "section" ? block["fields"] : block["elements"];
    for (std::size_t k = 0; k < parts.size(); ++k) {
      mrkdwn(parts.at(k), 2000, type + "'s part");
    }
  }
}

// Without the header, which says it in whole seconds only.
http::Response DiscordService::too_many(int seconds) const {
  return http::json_response(
      429, fmt::format(
               R"({{"message":"You are being rate limited.","retry_after":{}.05,"global":false}})",
               seconds));
}

http::Response DiscordService::refusal() const {
  return http::json_response(
      404, fmt::format(R"({{"message":"Unknown Webhook {}","code":10015}})", kDiscordHook));
}

http::Response DiscordService::answer(const http::Request& request, json::View body) {
  rule(
      body["allowed_mentions"]["parse"].is_array() && body["allowed_mentions"]["parse"].size() == 0,
      "allowed_mentions");
  rule(body["content"].present() ? within(body["content"].text(), 2000)
                                 : body["embeds"].size() >= 1 && body["embeds"].size() <= 10,
       "content or embeds");
  if (body["embeds"].present()) {
    judge_embed(body["embeds"].at(0));
  }
  const std::string prefix = std::string(kDiscordHook) + "/messages/";
  if (request.method == "PATCH") {
    rule(request.path.starts_with(prefix), "path " + request.path);
    Message* const message =
        find(request.path.substr(std::min(prefix.size(), request.path.size())));
    if (message == nullptr) {
      return http::json_response(404, R"({"message":"Unknown Message","code":10008})");
    }
    message->body = request.body;
    ++message->edits;
    return http::json_response(200, fmt::format(R"({{"id":"{}"}})", message->id));
  }
  rule(request.method == "POST" && request.path == kDiscordHook, "path " + request.path);
  const std::string id = add(request);
  return request.parameter("wait") == "true"
             ? http::json_response(200,
                                   fmt::format(R"({{"content":{},"id":"{}"}})", request.body, id))
             : http::Response{.status = 204};
}

void DiscordService::judge_embed(json::View embed) {
  static const std::regex kTime(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
  // Behind an even number of backslashes none of these begins anything.
  static const std::regex kMarkup(R"((^|[^\\])(\\\\)*[*_~`|<>\[\]@])");
  std::size_t all = length(embed["title"].text()) + length(embed["description"].text());
  rule(within(embed["title"].text(), 256), "title");
  rule(within(embed["description"].text(), 4096), "description");
  rule(!std::regex_search(text_of(embed["title"]), kMarkup), "markup in the title");
  rule(embed["color"].integer().value_or(-1) >= 0 && embed["color"].integer() <= 0xFFFFFF, "color");
  rule(std::regex_match(text_of(embed["timestamp"]), kTime), "timestamp");
  rule(embed["fields"].size() <= 25, "fields");
  for (std::size_t i = 0; i < embed["fields"].size(); ++i) {
    const json::View field = embed["fields"].at(i);
    all += length(field["name"].text()) + length(field["value"].text());
    rule(within(field["name"].text(), 256) && within(field["value"].text(), 1024), "field");
    rule(!std::regex_search(text_of(field["value"]), kMarkup), "markup in a field");
  }
  rule(all <= 6000, "6000 in all");
}

http::Response TelegramService::too_many(int seconds) const {
  return http::json_response(
      429, fmt::format(R"({{"ok":false,"error_code":429,"description":"Too Many Requests: retry )"
                       R"(after {0}","parameters":{{"retry_after":{0}}}}})",
                       seconds));
}

// As a proxy might say it.
http::Response TelegramService::refusal() const {
  return telegram_error(404, fmt::format("Not Found: /bot{}/sendMessage", kTelegramToken));
}

http::Response TelegramService::answer(const http::Request& request, json::View body) {
  rule(request.method == "POST", "Telegram is asked by POST");
  rule(body["chat_id"].text() == "-100123", "chat_id");
  rule(body["parse_mode"].text() == "HTML", "parse_mode");
  rule(body["link_preview_options"]["is_disabled"].boolean().value_or(false), "no preview");
  judge_html(text_of(body["text"]));
  const std::string base = std::string("/bot") + kTelegramToken;
  if (request.path == base + "/editMessageText") {
    return edit(request, body);
  }
  rule(request.path == base + "/sendMessage", "path " + request.path);
  rule(body["disable_notification"].boolean().has_value(), "disable_notification");
  return http::json_response(
      200, fmt::format(R"({{"ok":true,"result":{{"message_id":{},"chat":{{"id":-100123}}}}}})",
                       add(request)));
}

http::Response TelegramService::edit(const http::Request& request, json::View body) {
  rule(body["message_id"].integer().has_value(), "message_id is a number");
  Message* const message = find(body["message_id"].scalar());
  if (message == nullptr) {
    return telegram_error(400, "Bad Request: message to edit not found");
  }
  if (Json(message->body)["text"].text() == body["text"].text()) {
    return telegram_error(400,
                          "Bad Request: message is not modified: specified new message content "
                          "and reply markup are exactly the same");
  }
  message->body = request.body;
  ++message->edits;
  return http::json_response(
      200, fmt::format(R"({{"ok":true,"result":{{"message_id":{}}}}})", message->id));
}

void TelegramService::judge_html(const std::string& html) {
  static const std::regex kTag(R"(</?(b|i|a)>|<a href="[^"<>]*">)");
  static const std::regex kEscape("&(amp|lt|gt|quot);");
  std::string text = std::regex_replace(html, kTag, "");
  const std::string rest = std::regex_replace(text, kEscape, "");
  rule(rest.find_first_of("<>&") == std::string::npos, "can't parse entities");
  text = std::regex_replace(text, kEscape, "x");
  rule(within(text, 4096), "text after parsing");
  for (const std::string tag : {"b", "i", "a"}) {
    const auto count = [&](const std::string& opening) {
      const std::regex found(opening);
      return std::distance(std::sregex_iterator(html.begin(), html.end(), found),
                           std::sregex_iterator());
    };
    rule(count("<" + tag + "[ >]") == count("</" + tag + ">"), "unclosed " + tag);
  }
}

}  // namespace monitor::tests
