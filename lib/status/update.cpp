#include "lib/status/update.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "lib/json/writer.h"
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

void write_time(json::Writer& out, std::string_view name, std::optional<system::Time> time) {
  out.member_or_null(name, time ? system::to_rfc3339(*time) : std::string());
}

void write_components(json::Writer& out, const std::vector<Component>& components) {
  out.key("components").begin_array();
  for (const Component& component : components) {
    out.begin_object().member("id", component.id).member("name", component.name);
    out.member_or_null("status", component.state ? word(*component.state) : std::string_view());
    out.end_object();
  }
  out.end_array();
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

std::string to_json(const StatusUpdate& update) {
  json::Writer out;
  out.begin_object().member("v", 1);
  out.member("provider", update.provider).member("provider_name", update.provider_name);
  out.member("kind", word(update.kind)).member("incident_id", update.incident_id);
  out.member("name", update.name).member_or_null("url", update.url);
  out.member("impact", word(update.impact)).member("status", word(update.state));
  write_components(out, update.components);
  out.member("message", update.message).member_or_null("update_id", update.update_id);
  write_time(out, "happened_at", update.happened_at);
  out.member("happened_at_known", update.happened_at_known);
  write_time(out, "created_at", update.created_at);
  write_time(out, "resolved_at", update.resolved_at);
  write_time(out, "scheduled_for", update.scheduled_for);
  write_time(out, "scheduled_until", update.scheduled_until);
  write_time(out, "received_at", update.received_at);
  out.member("stream", update.stream).member("seq", update.seq);
  out.member("key", update.key()).member("test", update.test);
  return out.end_object().take();
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
