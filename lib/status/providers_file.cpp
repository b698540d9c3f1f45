#include "lib/status/providers_file.h"

#include <fmt/format.h>

#include <array>

#include "lib/status/checked_toml.h"
#include "lib/status/provider_credentials.h"
#include "lib/status/provider_mapping.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

constexpr std::array<std::string_view, 1> kTopKeys{"provider"};
constexpr std::array<std::string_view, 13> kProviderKeys{
    "slug",       "name",      "format",     "page_ids", "hosts",      "platform", "token",
    "token_file", "signature", "topic_arns", "verify",   "aggregator", "mapping"};

class Reader {
 public:
  explicit Reader(const std::string& path) : toml_("providers file " + path, path) {}

  std::vector<Provider> read(std::string_view text) {
    const toml::table file = toml_.parse(text);
    toml_.check_keys(file, kTopKeys);
    std::vector<Provider> providers;
    const toml::node* list = file.get("provider");
    if (list == nullptr) {
      return providers;
    }
    if (!list->is_array_of_tables() && !(list->is_array() && list->as_array()->empty())) {
      toml_.refuse(*list, "provider must be an array of tables: write [[provider]]");
    }
    for (const toml::node& entry : *list->as_array()) {
      providers.push_back(read_entry(*entry.as_table()));
    }
    return providers;
  }

 private:
  Provider read_entry(const toml::table& table) {
    toml_.check_keys(table, kProviderKeys);
    Provider provider;
    provider.slug = toml_.text(table, "slug");
    provider.name = toml_.text(table, "name");
    provider.platform = toml_.text(table, "platform");
    name_entry(table, provider);
    const toml::node* slug = table.get("slug");
    slugs_.claim(toml_, slug == nullptr ? table : *slug, provider.slug);
    for (const toml::node* node : toml_.elements(table, "page_ids")) {
      provider.page_ids.push_back(toml_.text_of(*node, "page_ids"));
      page_ids_.claim(toml_, *node, provider.page_ids.back());
    }
    for (const toml::node* node : toml_.elements(table, "hosts")) {
      provider.hosts.push_back(checked_host(*node));
    }
    provider.format = checked_format(table);
    provider.mapping = read_provider_mapping(toml_, table, provider.format);
    provider.credentials = read_provider_credentials(toml_, table, topics_);
    if (!provider.credentials.topic_arns.empty() && !provider.format.empty() &&
        provider.format != "aws") {
      toml_.refuse(*table.get("topic_arns"), "topic_arns goes with format = \"aws\" or none");
    }
    return provider;
  }

  // Either of slug and name may be missing, not both: a slug is what everything downstream goes by.
  void name_entry(const toml::table& table, Provider& provider) const {
    if (provider.slug.empty()) {
      provider.slug = to_slug(provider.name);
    }
    if (provider.slug.empty()) {
      toml_.refuse(table, provider.name.empty()
                              ? std::string("a provider needs a slug or a name")
                              : fmt::format("no slug can be made of the name \"{}\": add one, as "
                                            "slug = \"acme\"",
                                            provider.name));
    }
    if (const std::string right = to_slug(provider.slug); right != provider.slug) {
      toml_.refuse(*table.get("slug"),
                   fmt::format("slug \"{}\" must be lower-case letters, digits and dashes{}",
                               provider.slug, right.empty() ? "" : ", as \"" + right + "\""));
    }
  }

  std::string checked_host(const toml::node& node) {
    const std::string text = toml_.text_of(node, "hosts");
    const std::string host = host_of(text);
    if (host.empty()) {
      toml_.refuse(node,
                   fmt::format("\"{}\" is no host: write it as \"status.example.com\"", text));
    }
    hosts_.claim(toml_, node, host);
    return host;
  }

  std::string checked_format(const toml::table& table) const {
    const std::string format = toml_.text(table, "format");
    if (!format.empty()) {
      const std::vector<std::string> names = format_names();
      const std::vector<std::string_view> known(names.begin(), names.end());
      toml_.check_known(table.get("format")->source(), "format", format, known);
    }
    return format == kAutoFormat ? std::string() : format;
  }

  CheckedToml toml_;
  Claims slugs_{"slug"};
  Claims page_ids_{"page id"};
  Claims hosts_{"host"};
  Claims topics_{"topic"};
};

}  // namespace

std::vector<Provider> parse_providers(std::string_view text, const std::string& path) {
  return Reader(path).read(text);
}

}  // namespace monitor::status
