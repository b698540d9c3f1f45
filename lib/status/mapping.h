// A user's own mapping of a sender's JSON, for senders that no format is written for: where in a
// body the parts of a StatusUpdate stand, and what the sender's words mean. It is read from the
// providers file by the receiver and travels in the feed's header as JSON, so that no subscriber
// has to be told of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

// JSON Pointers (RFC 6901); the first that leads to something counts. Empty: not in the body.
using Pointers = std::vector<std::string>;
// The sender's word (as vocabulary_word() writes it) and ours.
using Translations = std::vector<std::pair<std::string, std::string>>;

struct Mapping {
  Pointers provider;  // the name of who it is about, where one sender tells of many
  Pointers id;
  Pointers update_id;
  Pointers name;
  Pointers status;
  Pointers impact;
  Pointers message;
  Pointers time;
  Pointers created_at;
  Pointers resolved_at;
  Pointers scheduled_for;
  Pointers scheduled_until;
  Pointers url;
  Pointers components;  // an array of strings or objects, or a single one
  // Inside one of `components`.
  Pointers component_id;
  Pointers component_name;
  Pointers component_status;
  Translations status_words;  // to the words of State
  Translations impact_words;  // to the words of Impact

  bool operator==(const Mapping&) const = default;
};

// Every member by its name, for those who read or write a mapping.
struct MappingPointers {
  std::string_view name;
  Pointers Mapping::*member;
};
struct MappingWords {
  std::string_view name;
  Translations Mapping::*member;
};
inline constexpr MappingPointers kMappingPointers[] = {
    {"provider", &Mapping::provider},
    {"id", &Mapping::id},
    {"update_id", &Mapping::update_id},
    {"name", &Mapping::name},
    {"status", &Mapping::status},
    {"impact", &Mapping::impact},
    {"message", &Mapping::message},
    {"time", &Mapping::time},
    {"created_at", &Mapping::created_at},
    {"resolved_at", &Mapping::resolved_at},
    {"scheduled_for", &Mapping::scheduled_for},
    {"scheduled_until", &Mapping::scheduled_until},
    {"url", &Mapping::url},
    {"components", &Mapping::components},
    {"component_id", &Mapping::component_id},
    {"component_name", &Mapping::component_name},
    {"component_status", &Mapping::component_status},
};
inline constexpr MappingWords kMappingWords[] = {
    {"status_words", &Mapping::status_words},
    {"impact_words", &Mapping::impact_words},
};

// One line of JSON, and back. What is no mapping reads as an empty one.
std::string to_json(const Mapping& mapping);
Mapping mapping_from_json(std::string_view json);
Mapping mapping_from_json(json::View json);

}  // namespace monitor::status
