#include "sinks/delivery/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/status/filter.h"
#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

using status::StatusUpdate;

struct Place {
  std::string_view name;
  std::string (*value)(const StatusUpdate& update);
};

constexpr std::array<Place, 19> kPlaces{{
    {"provider", [](const StatusUpdate& u) { return u.provider; }},
    {"provider_name", [](const StatusUpdate& u) { return u.provider_name; }},
    {"kind", [](const StatusUpdate& u) { return std::string(word(u.kind)); }},
    {"incident_id", [](const StatusUpdate& u) { return u.incident_id; }},
    {"name", [](const StatusUpdate& u) { return u.name; }},
    {"title", title_of},
    {"url", [](const StatusUpdate& u) { return u.url; }},
    {"impact", [](const StatusUpdate& u) { return std::string(word(u.impact)); }},
    {"status", [](const StatusUpdate& u) { return plain(u.state); }},
    {"Status", [](const StatusUpdate& u) { return spoken(u.state); }},
    {"symbol", [](const StatusUpdate& u) { return std::string(symbol_of(u)); }},
    {"components", components_of},
    {"message", [](const StatusUpdate& u) { return u.message; }},
    {"happened_at", [](const StatusUpdate& u) { return time_in_words(u.happened_at); }},
    {"created_at", [](const StatusUpdate& u) { return time_in_words(u.created_at); }},
    {"resolved_at", [](const StatusUpdate& u) { return time_in_words(u.resolved_at); }},
    {"scheduled_for", [](const StatusUpdate& u) { return time_in_words(u.scheduled_for); }},
    {"scheduled_until", [](const StatusUpdate& u) { return time_in_words(u.scheduled_until); }},
    {"key", [](const StatusUpdate& u) { return u.key(); }},
}};

const Place* find_place(std::string_view name) {
  const auto* const found = std::find_if(kPlaces.begin(), kPlaces.end(),
                                         [&](const Place& place) { return place.name == name; });
  return found == kPlaces.end() ? nullptr : found;
}

[[noreturn]] void refuse(const std::string& where, const std::string& reason) {
  throw system::ConfigError(
      fmt::format("cannot use {}: {}; the places are {}", where, reason, known_places()));
}

}  // namespace

std::string known_places() {
  std::string names;
  for (const Place& place : kPlaces) {
    names += fmt::format("{}{{{}}}", names.empty() ? "" : " ", place.name);
  }
  return names;
}

Template::Template(std::string_view text, const std::string& where) {
  std::string plain;
  while (!text.empty()) {
    const char c = text.front();
    const bool doubled = text.size() > 1 && text[1] == c;
    if ((c != '{' && c != '}') || doubled) {
      plain += c;
      text.remove_prefix(c != '{' && c != '}' ? 1 : 2);
      continue;
    }
    const auto end = text.find('}');
    if (c == '}' || end == std::string_view::npos) {
      refuse(where, fmt::format("a brace stands alone: write {0}{0} for one", c));
    }
    const std::string_view name = text.substr(1, end - 1);
    const Place* const place = find_place(name);
    if (place == nullptr) {
      refuse(where, fmt::format("nobody knows {{{}}}", name));
    }
    pieces_.push_back({std::exchange(plain, {}), place->name});
    text.remove_prefix(end + 1);
  }
  pieces_.push_back({std::move(plain), {}});
}

std::string Template::fill(const StatusUpdate& update, const Escape& escape) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    text += piece.text;
    if (!piece.place.empty()) {
      const std::string value = find_place(piece.place)->value(update);
      text += escape ? escape(value) : value;
    }
  }
  return text;
}

std::string with_references(std::string_view text, std::string_view which) {
  static constexpr std::array<std::pair<char, std::string_view>, 5> kReferences{
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  std::string out;
  for (const char c : text) {
    const auto* const found =
        std::find_if(kReferences.begin(), kReferences.end(),
                     [c](const auto& reference) { return reference.first == c; });
    if (found != kReferences.end() && which.find(c) != std::string_view::npos) {
      out += found->second;
    } else {
      out += c;
    }
  }
  return out;
}

std::string time_in_words(const std::optional<system::Time>& time) {
  return time ? system::to_plain(*time) + " UTC" : std::string();
}

std::string title_of(const StatusUpdate& update) {
  return update.name.empty() ? update.provider_name
                             : fmt::format("{}: {}", update.provider_name, update.name);
}

std::string components_of(const StatusUpdate& update) {
  std::string text;
  for (const status::Component& component : update.components) {
    text += (text.empty() ? "" : ", ") + component.name;
    text += component.state ? fmt::format(" ({})", plain(*component.state)) : "";
  }
  return text;
}

std::string_view symbol_of(const StatusUpdate& update) {
  if (is_over(update.state)) {
    return "✅";
  }
  const auto weight = status::weight_of(update);
  if (!weight) {
    return "🔧";
  }
  return *weight == status::Impact::critical ? "🔴"
         : *weight == status::Impact::major  ? "🟠"
                                             : "🟡";
}

int colour_of(const StatusUpdate& update) {
  constexpr int kGreen = 0x2EB67D;
  constexpr int kBlue = 0x3B82F6;
  constexpr int kRed = 0xD7263D;
  constexpr int kOrange = 0xE8710A;
  constexpr int kYellow = 0xECB22E;
  if (is_over(update.state)) {
    return kGreen;
  }
  const auto weight = status::weight_of(update);
  if (!weight) {
    return kBlue;
  }
  return *weight == status::Impact::critical ? kRed
         : *weight == status::Impact::major  ? kOrange
                                             : kYellow;
}

}  // namespace monitor::delivery
