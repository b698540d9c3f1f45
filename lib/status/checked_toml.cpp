#include "lib/status/checked_toml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "lib/status/text.h"
#include "lib/system/error.h"

namespace monitor::status {
namespace {

// Levenshtein's: insertions, deletions and replacements from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  return *std::min_element(known.begin(), known.end(),
                           [&](auto a, auto b) { return distance(word, a) < distance(word, b); });
}

toml::table CheckedToml::parse(std::string_view text) const {
  try {
    return toml::parse(text, path_);
  } catch (const toml::parse_error& error) {
    refuse(error.source(), std::string(error.description()));
  }
}

void CheckedToml::refuse(const toml::source_region& where, const std::string& reason) const {
  throw system::ConfigError(
      fmt::format("cannot use {}: line {}: {}", subject_, where.begin.line, reason));
}

void CheckedToml::refuse(const toml::node& where, const std::string& reason) const {
  refuse(where.source(), reason);
}

void CheckedToml::check_known(const toml::source_region& where, std::string_view what,
                              std::string_view word,
                              std::span<const std::string_view> known) const {
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    refuse(where, fmt::format("unknown {} \"{}\", did you mean \"{}\"? (known: {})", what, word,
                              nearest(word, known), fmt::join(known, ", ")));
  }
}

void CheckedToml::check_keys(const toml::table& table,
                             std::span<const std::string_view> known) const {
  for (const auto& [key, value] : table) {
    check_known(key.source(), "key", key.str(), known);
  }
}

std::string CheckedToml::text(const toml::table& table, std::string_view key) const {
  const toml::node* node = table.get(key);
  return node == nullptr ? std::string() : text_of(*node, key);
}

std::optional<bool> CheckedToml::boolean(const toml::table& table, std::string_view key) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto value = node->value_exact<bool>();
  if (!value) {
    refuse(*node, fmt::format("{} must be true or false", key));
  }
  return value;
}

std::string CheckedToml::text_of(const toml::node& node, std::string_view key) const {
  const auto text = node.value_exact<std::string>();
  if (!text) {
    refuse(node, fmt::format("{} must be a string, as \"acme\"", key));
  }
  std::string line = to_line(*text);
  if (line.empty()) {
    refuse(node, fmt::format("{} must not be empty", key));
  }
  return line;
}

std::string CheckedToml::secret_of(const toml::node& node, std::string_view key) const {
  const auto text = node.value_exact<std::string>();
  if (!text || text->empty()) {
    refuse(node, fmt::format("{} must be a string that is not empty", key));
  }
  if (std::any_of(text->begin(), text->end(), [](char c) { return c >= 0 && c < ' '; }) ||
      text->front() == ' ' || text->back() == ' ') {
    refuse(node, fmt::format("{} has a control character in it, or a blank at an end", key));
  }
  return *text;
}

std::vector<const toml::node*> CheckedToml::elements(const toml::table& table, std::string_view key,
                                                     bool or_one) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return {};
  }
  if (or_one && node->is_string()) {
    return {node};
  }
  if (!node->is_array()) {
    refuse(*node, fmt::format("{} must be an array of strings, as [\"a\", \"b\"]", key));
  }
  std::vector<const toml::node*> nodes;
  for (const toml::node& element : *node->as_array()) {
    nodes.push_back(&element);
  }
  return nodes;
}

const toml::table* CheckedToml::table_in(const toml::table& table, std::string_view key,
                                         std::string_view example) const {
  const toml::node* node = table.get(key);
  if (node != nullptr && !node->is_table()) {
    refuse(*node, fmt::format("{} must be a table, as {}", key, example));
  }
  return node == nullptr ? nullptr : node->as_table();
}

void Claims::claim(const CheckedToml& toml, const toml::node& node, const std::string& value) {
  const auto [found, fresh] = lines_.emplace(value, node.source().begin.line);
  if (!fresh) {
    toml.refuse(node, fmt::format("{} \"{}\" is already in line {}", what_, value, found->second));
  }
}

}  // namespace monitor::status
