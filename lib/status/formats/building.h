// What readers of senders with few words share: words found in a sender's own table, ids and
// messages made of what there is. Like fields.h, every function takes whatever is there and never
// fails.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/update.h"

namespace monitor::status {

// What a disturbance counts for whose sender does not say how bad it is: the least that is one.
inline constexpr Impact kUnratedImpact = Impact::minor;

// A sender's words, as bare_word() writes them, and what they mean.
template <typename Value, std::size_t N>
using Words = std::array<std::pair<std::string_view, Value>, N>;

// "In progress", "in-progress", "InProgress" -> "inprogress": its ASCII letters and digits in lower
// case. Empty for what is too long to be a word.
std::string bare_word(json::View value);
std::string bare_word(std::string_view text);

template <typename Value, std::size_t N>
std::optional<Value> find_word(const Words<Value, N>& words, std::string_view wanted) {
  for (const auto& [word, value] : words) {
    if (word == wanted) {
      return value;
    }
  }
  return std::nullopt;
}

// How many of `keys` the object has, whatever they hold: senders leave fields empty, not out.
std::size_t count_keys(json::View object, std::initializer_list<std::string_view> keys);

// "up", "warn", "Major Outage", "maintenance": the state of a service in the words of those who
// watch it.
std::optional<State> service_state(json::View value);
// change_message() of two of those words.
std::string service_change(json::View word_now, json::View word_before);

// The first that is not empty.
std::string first_id(std::initializer_list<json::View> values);
std::string first_name(std::initializer_list<json::View> values);
std::string first_message(std::initializer_list<json::View> values);

// "first: second", or just one of them when the other is empty or says the same.
std::string joined(const std::string& first, const std::string& second);
// "Resolved: text" for what is over, since most alerts keep the text that they were raised with.
std::string told_as(State state, const std::string& text);

}  // namespace monitor::status
