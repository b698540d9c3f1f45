#include "lib/status/providers_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <unordered_map>

#include "lib/status/formats/fields.h"
#include "lib/status/text.h"
#include "lib/system/error.h"

namespace monitor::status {
namespace {

constexpr std::array<std::string_view, 1> kTopKeys{"provider"};
constexpr std::array<std::string_view, 5> kProviderKeys{"slug", "name", "page_ids", "hosts",
                                                        "platform"};

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

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  return *std::min_element(known.begin(), known.end(),
                           [&](auto a, auto b) { return distance(word, a) < distance(word, b); });
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  std::vector<Provider> read(std::string_view text) {
    const toml::table file = parse(text);
    check_keys(file, kTopKeys);
    std::vector<Provider> providers;
    const toml::node* list = file.get("provider");
    if (list == nullptr) {
      return providers;
    }
    if (!list->is_array_of_tables() && !(list->is_array() && list->as_array()->empty())) {
      refuse(*list, "provider must be an array of tables: write [[provider]]");
    }
    for (const toml::node& entry : *list->as_array()) {
      providers.push_back(read_entry(*entry.as_table()));
    }
    return providers;
  }

 private:
  [[noreturn]] void refuse(const toml::source_region& where, const std::string& reason) const {
    throw system::ConfigError(
        fmt::format("cannot use providers file {}: line {}: {}", path_, where.begin.line, reason));
  }
  [[noreturn]] void refuse(const toml::node& where, const std::string& reason) const {
    refuse(where.source(), reason);
  }

  toml::table parse(std::string_view text) const {
    try {
      return toml::parse(text, path_);
    } catch (const toml::parse_error& error) {
      refuse(error.source(), std::string(error.description()));
    }
  }

  void check_keys(const toml::table& table, std::span<const std::string_view> known) const {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        refuse(key.source(),
               fmt::format("unknown key \"{}\", did you mean \"{}\"? (known: {})", key.str(),
                           nearest(key.str(), known), fmt::join(known, ", ")));
      }
    }
  }

  Provider read_entry(const toml::table& table) {
    check_keys(table, kProviderKeys);
    Provider provider;
    provider.slug = text_of(table, "slug");
    provider.name = text_of(table, "name");
    provider.platform = text_of(table, "platform");
    name_entry(table, provider);
    claim(slugs_, table, "slug", provider.slug);
    provider.page_ids =
        texts_of(table, "page_ids", [this](const toml::node& node) { return page_id_of(node); });
    provider.hosts =
        texts_of(table, "hosts", [this](const toml::node& node) { return checked_host(node); });
    return provider;
  }

  // Either of slug and name may be missing, not both: a slug is what everything downstream goes by.
  void name_entry(const toml::table& table, Provider& provider) const {
    if (provider.slug.empty()) {
      provider.slug = to_slug(provider.name);
    }
    if (provider.slug.empty()) {
      refuse(table, provider.name.empty()
                        ? std::string("a provider needs a slug or a name")
                        : fmt::format("no slug can be made of the name \"{}\": add one, as slug = "
                                      "\"acme\"",
                                      provider.name));
    }
    if (const std::string right = to_slug(provider.slug); right != provider.slug) {
      refuse(*table.get("slug"),
             fmt::format("slug \"{}\" must be lower-case letters, digits and dashes{}",
                         provider.slug, right.empty() ? "" : ", as \"" + right + "\""));
    }
  }

  std::string text_of(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    return node == nullptr ? std::string() : text_of(*node, key);
  }

  std::string text_of(const toml::node& node, std::string_view key) const {
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

  template <typename Read>
  std::vector<std::string> texts_of(const toml::table& table, std::string_view key, Read read) {
    std::vector<std::string> texts;
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return texts;
    }
    if (!node->is_array()) {
      refuse(*node, fmt::format("{} must be an array of strings, as [\"a\", \"b\"]", key));
    }
    for (const toml::node& element : *node->as_array()) {
      texts.push_back(read(element));
    }
    return texts;
  }

  std::string page_id_of(const toml::node& node) {
    const std::string id = text_of(node, "page_ids");
    claim(page_ids_, node, "page id", id);
    return id;
  }

  std::string checked_host(const toml::node& node) {
    const std::string text = text_of(node, "hosts");
    const std::string host = host_of(text);
    if (host.empty()) {
      refuse(node, fmt::format("\"{}\" is no host: write it as \"status.example.com\"", text));
    }
    claim(hosts_, node, "host", host);
    return host;
  }

  using Lines = std::unordered_map<std::string, std::size_t>;

  void claim(Lines& taken, const toml::node& node, std::string_view what,
             const std::string& value) {
    const auto [found, fresh] = taken.emplace(value, node.source().begin.line);
    if (!fresh) {
      refuse(node, fmt::format("{} \"{}\" is already in line {}", what, value, found->second));
    }
  }

  const std::string& path_;
  Lines slugs_;
  Lines page_ids_;
  Lines hosts_;
};

}  // namespace

std::vector<Provider> parse_providers(std::string_view text, const std::string& path) {
  return Reader(path).read(text);
}

}  // namespace monitor::status
