#include "lib/status/provider_mapping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/json/pointer.h"
#include "lib/status/format.h"
#include "lib/status/formats/fields.h"
#include "lib/status/mapping.h"

namespace monitor::status {
namespace {

constexpr std::string_view kExample = "mapping = { name = \"/alert/title\" }";

std::vector<std::string_view> mapping_keys() {
  std::vector<std::string_view> keys;
  for (const auto& [name, member] : kMappingPointers) {
    keys.push_back(name);
  }
  for (const auto& [name, member] : kMappingWords) {
    keys.push_back(name);
  }
  return keys;
}

std::string checked_pointer(const CheckedToml& toml, const toml::node& node, std::string_view key) {
  const std::string pointer = toml.text_of(node, key);
  if (!json::is_pointer(pointer)) {
    toml.refuse(node, fmt::format("{} must be a JSON Pointer, as \"/alert/title\" or "
                                  "\"/updates/0/text\"; \"{}\" is none",
                                  key, pointer));
  }
  return pointer;
}

template <typename Value>
std::vector<std::string_view> words_of(Value last) {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    words.push_back(word(static_cast<Value>(i)));
  }
  return words;
}

Translations read_words(const CheckedToml& toml, const toml::table& table, std::string_view key,
                        const std::vector<std::string_view>& ours) {
  Translations words;
  for (const auto& [theirs, value] : table) {
    const std::string our_word = toml.text_of(value, key);
    if (std::find(ours.begin(), ours.end(), our_word) == ours.end()) {
      toml.refuse(value, fmt::format("{} can't say \"{}\", did you mean \"{}\"? (known: {})", key,
                                     our_word, nearest(our_word, ours), fmt::join(ours, ", ")));
    }
    words.emplace_back(vocabulary_word(theirs.str()), our_word);
  }
  return words;
}

}  // namespace

std::string read_provider_mapping(const CheckedToml& toml, const toml::table& provider,
                                  const std::string& format) {
  const toml::table* table = toml.table_in(provider, "mapping", kExample);
  const bool generic = format == kGenericFormat;
  if (table == nullptr) {
    if (generic) {
      toml.refuse(*provider.get("format"),
                  fmt::format("format \"generic\" needs a mapping, as {}", kExample));
    }
    return "";
  }
  if (!generic) {
    toml.refuse(*table, "a mapping goes with format = \"generic\"");
  }
  toml.check_keys(*table, mapping_keys());
  Mapping mapping;
  for (const auto& [name, member] : kMappingPointers) {
    for (const toml::node* node : toml.elements(*table, name, true)) {
      (mapping.*member).push_back(checked_pointer(toml, *node, name));
    }
  }
  for (const auto& [name, member] : kMappingWords) {
    if (const toml::table* words = toml.table_in(*table, name, "{ firing = \"investigating\" }")) {
      mapping.*member = read_words(toml, *words, name,
                                   name == "impact_words" ? words_of(Impact::maintenance)
                                                          : words_of(State::under_maintenance));
    }
  }
  if (mapping.name.empty() && mapping.message.empty() && mapping.status.empty()) {
    toml.refuse(*table, "a mapping needs at least one of name, status and message");
  }
  return to_json(mapping);
}

}  // namespace monitor::status
