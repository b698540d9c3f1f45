// What the sinks of chats share: text that fits and stays whole, and which message of an incident
// is the one to edit. Pure functions but for webhook_url().
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/http/client.h"
#include "lib/status/update.h"
#include "sinks/delivery/http_post.h"
#include "sinks/delivery/sink.h"
#include "sinks/delivery/template.h"

namespace monitor::delivery {

// As chats count: UTF-16 units, which is never less than characters.
std::size_t chat_length(std::string_view text);

// `text`, escaped, of at most `max` as chat_length() counts; what is cut ends with an ellipsis and
// never within an escape.
std::string fit(std::string_view text, std::size_t max, const Template::Escape& escape = {});
// The same for a template: its own text stays, the longest of what is put in is cut first.
std::string fit(const Template& message, const status::StatusUpdate& update, std::size_t max,
                const Template::Escape& escape);

// & < > " as HTML writes them.
std::string escape_html(std::string_view text);
// "🔴 Identified"
std::string state_in_words(const status::StatusUpdate& update);
// The update's url, unless it would break a chat's markup or be refused by it: then empty.
std::string link_of(const status::StatusUpdate& update);

// Where an incident is told of; remembered as "PLACE ID", with " over" behind it once it was.
struct ChatMessage {
  std::string place;  // channel or chat
  std::string id;
};
// What this delivery edits. Nothing for the first of an incident, nor for one that was over and
// begins again: nobody would look at its old message.
std::optional<ChatMessage> message_to_edit(const Delivery& delivery);
Outcome delivered_as(const ChatMessage& message, const status::StatusUpdate& update);

// judge(), but waits at least `seconds` before the next try where the answer's body says so.
Outcome judge(const http::Fetched& answer, std::string_view whom, std::optional<double> seconds);

// The URL of a webhook, which is a secret: as it is given, or the first line of `file`. Throws
// UsageError or ConfigError.
std::string webhook_url(const std::string& url, const std::string& file);

}  // namespace monitor::delivery
