#include "lib/status/formats/severity.h"

#include <string>
#include <string_view>

#include "lib/status/formats/building.h"

namespace monitor::status {
namespace {

// The levels of syslog (RFC 5424), of Prometheus rules in the wild, of paging tools (P1 to P5) and
// of incident management (SEV0 to SEV5; SEV1 is critical where there is no SEV0).
constexpr Words<Impact, 37> kSeverities{{
    {"critical", Impact::critical}, {"crit", Impact::critical},
    {"fatal", Impact::critical},    {"emergency", Impact::critical},
    {"disaster", Impact::critical}, {"alert", Impact::critical},
    {"sev0", Impact::critical},     {"sev1", Impact::critical},
    {"p0", Impact::critical},       {"p1", Impact::critical},
    {"major", Impact::major},       {"error", Impact::major},
    {"err", Impact::major},         {"high", Impact::major},
    {"severe", Impact::major},      {"page", Impact::major},
    {"sev2", Impact::major},        {"p2", Impact::major},
    {"minor", Impact::minor},       {"warning", Impact::minor},
    {"warn", Impact::minor},        {"medium", Impact::minor},
    {"moderate", Impact::minor},    {"low", Impact::minor},
    {"sev3", Impact::minor},        {"sev4", Impact::minor},
    {"p3", Impact::minor},          {"p4", Impact::minor},
    {"none", Impact::none},         {"info", Impact::none},
    {"information", Impact::none},  {"informational", Impact::none},
    {"notice", Impact::none},       {"debug", Impact::none},
    {"trivial", Impact::none},      {"sev5", Impact::none},
    {"p5", Impact::none},
}};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Takes the next word off the front of `text`; empty when there is none left.
std::string_view take_word(std::string_view& text) {
  std::size_t begin = 0;
  while (begin < text.size() && !is_word_character(text[begin])) {
    ++begin;
  }
  std::size_t end = begin;
  while (end < text.size() && is_word_character(text[end])) {
    ++end;
  }
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

}  // namespace

std::optional<Impact> severity_impact(json::View value) {
  constexpr std::size_t kLongest = 100;  // a name, not an essay
  std::string_view text = value.text().substr(0, kLongest);
  std::string before;
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
    const std::string bare = bare_word(word);
    // "SEV 1" and "P-2" are one word to people.
    for (const std::string& wanted : {bare, before + bare}) {
      if (const auto impact = find_word(kSeverities, wanted)) {
        return impact;
      }
    }
    before = bare;
  }
  return std::nullopt;
}

}  // namespace monitor::status
