#include "lib/status/formats/building.h"

#include <algorithm>

#include "lib/status/formats/fields.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

constexpr Words<State, 26> kServiceStates{{
    {"up", State::operational},
    {"ok", State::operational},
    {"operational", State::operational},
    {"available", State::operational},
    {"online", State::operational},
    {"healthy", State::operational},
    {"resolved", State::operational},
    {"warn", State::degraded_performance},
    {"warning", State::degraded_performance},
    {"degraded", State::degraded_performance},
    {"degradedperformance", State::degraded_performance},
    {"minoroutage", State::degraded_performance},
    {"pending", State::degraded_performance},
    {"partial", State::partial_outage},
    {"partialoutage", State::partial_outage},
    {"partiallydegraded", State::degraded_performance},
    {"down", State::major_outage},
    {"outage", State::major_outage},
    {"majoroutage", State::major_outage},
    {"fulloutage", State::major_outage},
    {"unavailable", State::major_outage},
    {"offline", State::major_outage},
    {"critical", State::major_outage},
    {"maintenance", State::under_maintenance},
    {"undermaintenance", State::under_maintenance},
    {"inmaintenance", State::under_maintenance},
}};

template <typename Text>
std::string first_of(std::initializer_list<json::View> values, Text text) {
  for (const json::View value : values) {
    if (std::string found = text(value); !found.empty()) {
      return found;
    }
  }
  return "";
}

}  // namespace

std::string bare_word(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::string bare;
  for (const char c : text.substr(0, text.size() > kLongest ? 0 : text.size())) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      bare += lower;
    }
  }
  return bare;
}

std::string bare_word(json::View value) { return bare_word(value.text()); }

std::size_t count_keys(json::View object, std::initializer_list<std::string_view> keys) {
  return static_cast<std::size_t>(std::count_if(
      keys.begin(), keys.end(), [&](std::string_view key) { return object[key].present(); }));
}

std::optional<State> service_state(json::View value) {
  return find_word(kServiceStates, bare_word(value));
}

std::string service_change(json::View word_now, json::View word_before) {
  return change_message(service_state(word_now), service_state(word_before), name_text(word_now));
}

std::string first_id(std::initializer_list<json::View> values) { return first_of(values, id_text); }
std::string first_name(std::initializer_list<json::View> values) {
  return first_of(values, name_text);
}
std::string first_message(std::initializer_list<json::View> values) {
  return first_of(values, message_text);
}
std::string joined(const std::string& first, const std::string& second) {
  if (first.empty() || second.starts_with(first)) {
    return second;
  }
  const bool adds = !second.empty() && !first.ends_with(second);
  const bool ends_itself = first.find_last_of(".!?:") == first.size() - 1;
  return adds ? first + (ends_itself ? " " : ": ") + second : first;
}

std::string told_as(State state, const std::string& text) {
  const bool says_so = bare_word(std::string_view(text).substr(0, 8)) == "resolved";
  return is_over(state) && !text.empty() && !says_so ? "Resolved: " + text : text;
}

}  // namespace monitor::status
