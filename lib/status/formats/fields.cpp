#include "lib/status/formats/fields.h"

#include <algorithm>

#include "lib/status/digest.h"
#include "lib/status/text.h"
#include "lib/status/time.h"

namespace monitor::status {
namespace {

int severity(Impact impact) { return impact == Impact::maintenance ? 0 : static_cast<int>(impact); }

}  // namespace

std::string id_text(json::View value) {
  constexpr std::size_t kDigest = 32;
  const std::string id = to_line(value.scalar());
  std::string shorter = cut(id, kMaxId);
  return shorter == id ? id : cut(id, kMaxId - kDigest) + digest({id});
}

std::string name_text(json::View value) { return cut(to_line(value.text()), kMaxName); }

std::string url_text(json::View value) {
  const std::string_view text = value.text();
  const bool http = text.starts_with("http://") || text.starts_with("https://");
  const bool whole = text.find_first_of(" \t\r\n\"<>\\") == std::string_view::npos;
  return http && whole && text.size() <= kMaxUrl ? to_line(text) : "";
}

std::string message_text(json::View value) { return html_to_line(value.text()); }

std::optional<system::Time> first_time(json::View object,
                                       std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const auto time = parse_time(object[key])) {
      return time;
    }
  }
  return std::nullopt;
}

std::string vocabulary_word(std::string_view text) {
  constexpr std::size_t kLongest = 40;  // "degraded_performance" has 20, senders' own are longer
  if (text.size() > kLongest) {
    return "";
  }
  std::string word = to_line(text);
  for (char& c : word) {
    const bool upper = c >= 'A' && c <= 'Z';
    c = upper ? static_cast<char>(c - 'A' + 'a') : c == ' ' || c == '-' ? '_' : c;
  }
  return word;
}

std::optional<State> state_of(json::View value) {
  return state_from_word(vocabulary_word(value.text()));
}

std::optional<Impact> impact_of(json::View value) {
  return impact_from_word(vocabulary_word(value.text()));
}

Impact impact_of(const std::vector<Component>& components) {
  Impact worst = Impact::none;
  for (const Component& component : components) {
    const Impact impact = component.state ? impact_of(*component.state) : Impact::none;
    worst = severity(impact) > severity(worst) ? impact : worst;
  }
  return worst;
}

bool is_incident_state(State state) {
  return state >= State::investigating && state <= State::postmortem;
}

bool is_maintenance_state(State state) {
  return state >= State::scheduled && state <= State::completed;
}

bool is_component_state(State state) { return state >= State::operational; }

std::string change_message(std::optional<State> now, std::optional<State> before,
                           const std::string& their_word) {
  const std::string message = now ? spoken(*now) : their_word;
  if (!before || before == now) {
    return message;
  }
  return (message.empty() ? "Changed" : message) + " (was " + plain(*before) + ")";
}

std::string made_id(std::initializer_list<std::string_view> fields) {
  return "made-" + digest(fields);
}

void set_happened_at(StatusUpdate& update, std::optional<system::Time> time, const Origin& origin) {
  update.happened_at = time.value_or(origin.received_at);
  update.happened_at_known = time.has_value();
}

std::string title_message(const StatusUpdate& update) {
  const std::string title = !update.name.empty()               ? update.name
                            : update.kind == Kind::maintenance ? "Maintenance"
                                                               : "Incident";
  return title + " (" + plain(update.state) + ")";
}

}  // namespace monitor::status
