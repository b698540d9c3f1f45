// What the readers of all formats share: one field of a body made fit for a StatusUpdate. Every
// function takes whatever is there (missing, null, another type) and never fails. The bounds here
// are of names and ids; of messages nothing is cut.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/update.h"

namespace monitor::status {

// Senders' ids have 10 to 40 characters; an ARN of AWS Health some 200.
inline constexpr std::size_t kMaxId = 256;
// Statuspage lets a title have 255 characters.
inline constexpr std::size_t kMaxName = 500;
// What browsers and chats take for a link.
inline constexpr std::size_t kMaxUrl = 2048;
// Components of one update, and earlier updates of one incident, that are kept: a body of a MiB has
// room for 30,000 of each, no page has 1,000, and everything after us handles each of them.
inline constexpr std::size_t kMaxComponents = 1000;
inline constexpr std::size_t kMaxHistory = 1000;

// A string or number as one line of at most kMaxId characters. Of a longer one the end gives way to
// a digest of the whole: ARNs and URLs of different incidents may begin alike.
std::string id_text(json::View value);
std::string name_text(json::View value);
// An http or https URL, else "".
std::string url_text(json::View value);
// Plain or HTML text as one line.
std::string message_text(json::View value);

// The first of `keys` in `object` that holds a time.
std::optional<system::Time> first_time(json::View object,
                                       std::initializer_list<std::string_view> keys);

// A word as the vocabulary writes it: lower case, '_' between words; "" for what is no word.
std::string vocabulary_word(std::string_view text);
// "In progress", "in-progress" -> in_progress, if the vocabulary knows it.
std::optional<State> state_of(json::View value);
std::optional<Impact> impact_of(json::View value);
// The worst of them; none when no component has a state.
Impact impact_of(const std::vector<Component>& components);

// What `read` (View -> optional Component) makes of the elements of `list`, at most kMaxComponents.
template <typename Read>
std::vector<Component> components_in(json::View list, Read read) {
  std::vector<Component> components;
  for (std::size_t i = 0; i < list.size() && components.size() < kMaxComponents; ++i) {
    if (std::optional<Component> component = read(list.at(i))) {
      components.push_back(std::move(*component));
    }
  }
  return components;
}

bool is_component_state(State state);
bool is_maintenance_state(State state);
bool is_incident_state(State state);

// "Degraded performance (was operational)"; for a word that nobody knows stands `their_word`.
std::string change_message(std::optional<State> now, std::optional<State> before,
                           const std::string& their_word);

// The id of an incident whose sender gives none, of what stays the same over its updates.
std::string made_id(std::initializer_list<std::string_view> fields);

// `time`, else that of arrival, and which of them it is.
void set_happened_at(StatusUpdate& update, std::optional<system::Time> time, const Origin& origin);

// The message of an update without a text of its own: "Chat API - High Error Rates
// (investigating)".
std::string title_message(const StatusUpdate& update);

}  // namespace monitor::status
