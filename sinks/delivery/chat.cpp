#include "sinks/delivery/chat.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "lib/status/text.h"
#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

// Longer ones are no pages for people.
constexpr std::size_t kMaxLink = 1000;
constexpr std::string_view kOver = " over";
constexpr double kLongestWait = 3600;

// `text` makes a version in which each value has at most so many characters: the longest that fits.
std::string longest(const std::function<std::string(std::size_t each)>& text, std::size_t max) {
  std::string best = text(max);
  if (chat_length(best) <= max) {
    return best;
  }
  best = text(1);  // which may be too long: the chat says so then
  std::size_t fits = 1;
  std::size_t too_long = max;
  while (too_long - fits > 1) {
    const std::size_t each = fits + (too_long - fits) / 2;
    std::string tried = text(each);
    if (chat_length(tried) <= max) {
      fits = each;
      best = std::move(tried);
    } else {
      too_long = each;
    }
  }
  return best;
}

bool is_plain(char c) {
  return c > ' ' && c < 127 && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

}  // namespace

std::size_t chat_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) == 0x80U ? 0 : byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

std::string fit(std::string_view text, std::size_t max, const Template::Escape& escape) {
  const auto version = [&](std::size_t each) {
    std::string cut = status::cut(text, each);
    return escape ? escape(cut) : cut;
  };
  return longest(version, max);
}

std::string fit(const Template& message, const status::StatusUpdate& update, std::size_t max,
                const Template::Escape& escape) {
  const auto version = [&](std::size_t each) {
    return message.fill(update,
                        [&](std::string_view value) { return escape(status::cut(value, each)); });
  };
  return longest(version, max);
}

std::string escape_html(std::string_view text) { return with_references(text, "&<>\""); }

std::string state_in_words(const status::StatusUpdate& update) {
  return fmt::format("{} {}", symbol_of(update), spoken(update.state));
}

std::string link_of(const status::StatusUpdate& update) {
  const std::string& url = update.url;
  const bool good = url.size() <= kMaxLink && std::all_of(url.begin(), url.end(), is_plain);
  return good ? url : std::string();
}

std::optional<ChatMessage> message_to_edit(const Delivery& delivery) {
  std::string_view text = delivery.remembered;
  if (text.ends_with(kOver)) {
    if (!is_over(delivery.update.state)) {
      return std::nullopt;
    }
    text.remove_suffix(kOver.size());
  }
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos || blank + 1 == text.size()) {
    return std::nullopt;
  }
  return ChatMessage{std::string(text.substr(0, blank)), std::string(text.substr(blank + 1))};
}

Outcome delivered_as(const ChatMessage& message, const status::StatusUpdate& update) {
  return Outcome::delivered(
      fmt::format("{} {}{}", message.place, message.id, is_over(update.state) ? kOver : ""));
}

Outcome judge(const http::Fetched& answer, std::string_view whom, std::optional<double> seconds) {
  Outcome outcome = judge(answer, whom);
  if (outcome.kind == Outcome::Kind::retry && seconds && *seconds > 0) {
    const std::chrono::duration<double> wait(std::min(*seconds, kLongestWait));
    outcome.wait = std::max(outcome.wait, std::chrono::ceil<std::chrono::milliseconds>(wait));
  }
  return outcome;
}

std::string webhook_url(const std::string& url, const std::string& file) {
  if (url.empty() == file.empty()) {
    throw system::UsageError("give the webhook's URL, with --webhook-url-file or --webhook-url");
  }
  std::string found = file.empty() ? url : read_secret(file, "webhook URL");
  check_url(found, file.empty() ? "--webhook-url" : "--webhook-url-file");
  return found;
}

}  // namespace monitor::delivery
