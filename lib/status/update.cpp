#include "lib/status/update.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "lib/status/digest.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

template <typename Word>
using Pair = std::pair<Word, std::string_view>;

constexpr std::array<Pair<Kind>, 3> kKinds{{
    {Kind::incident, "incident"},
    {Kind::maintenance, "maintenance"},
    {Kind::component, "component"},
}};

constexpr std::array<Pair<Impact>, 5> kImpacts{{
    {Impact::none, "none"},
    {Impact::minor, "minor"},
    {Impact::major, "major"},
    {Impact::critical, "critical"},
    {Impact::maintenance, "maintenance"},
}};

constexpr std::array<Pair<State>, 14> kStates{{
    {State::investigating, "investigating"},
    {State::identified, "identified"},
    {State::monitoring, "monitoring"},
    {State::resolved, "resolved"},
    {State::postmortem, "postmortem"},
    {State::scheduled, "scheduled"},
    {State::in_progress, "in_progress"},
    {State::verifying, "verifying"},
    {State::completed, "completed"},
    {State::operational, "operational"},
    {State::degraded_performance, "degraded_performance"},
    {State::partial_outage, "partial_outage"},
    {State::major_outage, "major_outage"},
    {State::under_maintenance, "under_maintenance"},
}};

template <typename Table, typename Word>
std::string_view word_in(const Table& table, Word wanted) {
  for (const auto& [value, text] : table) {
    if (value == wanted) {
      return text;
    }
  }
  return "";
}

template <typename Word, std::size_t N>
std::optional<Word> value_in(const std::array<Pair<Word>, N>& table, std::string_view wanted) {
  for (const auto& [value, text] : table) {
    if (text == wanted) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Kind kind) { return word_in(kKinds, kind); }
std::string_view word(Impact impact) { return word_in(kImpacts, impact); }
std::string_view word(State state) { return word_in(kStates, state); }

std::optional<Kind> kind_from_word(std::string_view word) { return value_in(kKinds, word); }
std::optional<Impact> impact_from_word(std::string_view word) { return value_in(kImpacts, word); }
std::optional<State> state_from_word(std::string_view word) { return value_in(kStates, word); }

bool is_over(State state) {
  return state == State::resolved || state == State::postmortem || state == State::completed ||
         state == State::operational;
}

Impact impact_of(State component_state) {
  switch (component_state) {
    case State::degraded_performance:
      return Impact::minor;
    case State::partial_outage:
      return Impact::major;
    case State::major_outage:
      return Impact::critical;
    case State::under_maintenance:
      return Impact::maintenance;
    default:
      return Impact::none;
  }
}

std::string plain(State state) {
  std::string text(word(state));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string spoken(State state) {
  std::string text = plain(state);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string StatusUpdate::key() const {
  if (!update_id.empty()) {
    return digest({"id", provider, word(kind), incident_id, update_id});
  }
  return digest({"content", provider, word(kind), incident_id, system::to_rfc3339(happened_at),
                 word(state), message});
}

std::string to_text(const StatusUpdate& update, std::size_t max_message) {
  std::string text = "[" + system::to_plain(update.happened_at) + "] Product: ";
  text += update.provider_name;
  std::string_view separator = " - ";
  for (const Component& component : update.components) {
    text += separator;
    text += component.name;
    separator = ", ";
  }
  text += "\nStatus: ";
  text += cut(update.message, max_message);
  text += '\n';
  return text;
}

}  // namespace monitor::status
