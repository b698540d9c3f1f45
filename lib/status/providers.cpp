#include "lib/status/providers.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "lib/status/catalogue.h"
#include "lib/status/providers_file.h"
#include "lib/status/text.h"
#include "lib/system/config_file.h"

namespace monitor::status {
namespace {

constexpr std::string_view kUnknown = "unknown";

// "status.acme.com" -> "acme.com". A name of one label says nothing, so "status.io" stays.
std::string display_name(std::string_view host) {
  for (const std::string_view prefix : {"www.", "status."}) {
    if (host.starts_with(prefix) &&
        host.substr(prefix.size()).find('.') != std::string_view::npos) {
      host.remove_prefix(prefix.size());
    }
  }
  return std::string(host);
}

void append_missing(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  for (const std::string& text : more) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(text);
    }
  }
}

std::string first_slug(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string slug = to_slug(name); !slug.empty()) {
      return slug;
    }
  }
  return std::string(kUnknown);
}

std::string first_text(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) {
      return std::string(text);
    }
  }
  return std::string(kUnknown);
}

}  // namespace

Providers Providers::shipped() {
  Providers providers;
  for (Provider& provider : parse_providers(catalogue_text(), "lib/status/catalogue.toml")) {
    providers.add(std::move(provider), false);
  }
  return providers;
}

Providers Providers::with_user_file(const std::string& path) {
  Providers providers = shipped();
  for (Provider& provider :
       parse_providers(system::read_config_file(path, "providers file"), path)) {
    providers.add(std::move(provider), true);
  }
  return providers;
}

// A page id or host that another entry had goes over to this one: the user's file comes last and
// wins.
void Providers::add(Provider provider, bool users) {
  const auto [found, fresh] = by_slug_.emplace(provider.slug, entries_.size());
  if (fresh) {
    entries_.push_back(
        {Provider{.slug = provider.slug, .name = "", .page_ids = {}, .hosts = {}, .platform = ""},
         false, false});
  }
  Entry& entry = entries_[found->second];
  for (const std::string& id : provider.page_ids) {
    by_page_id_[id] = found->second;
  }
  for (const std::string& host : provider.hosts) {
    by_host_[host] = found->second;
  }
  for (const std::string& topic : provider.credentials.topic_arns) {
    by_topic_[topic] = found->second;
  }
  append_missing(entry.provider.page_ids, provider.page_ids);
  append_missing(entry.provider.hosts, provider.hosts);
  entry.users = users;
  entry.named_by_user = users && !provider.name.empty();
  if (!provider.name.empty()) {
    const auto old = by_name_.find(entry.provider.name);
    if (old != by_name_.end() && old->second == found->second) {
      by_name_.erase(old);
    }
    by_name_[provider.name] = found->second;
    entry.provider.name = std::move(provider.name);
  }
  if (!provider.platform.empty()) {
    entry.provider.platform = std::move(provider.platform);
  }
  entry.provider.format = std::move(provider.format);
  entry.provider.mapping = std::move(provider.mapping);
  entry.provider.credentials = std::move(provider.credentials);
}

const Provider* Providers::find(std::string_view slug) const {
  const Entry* entry = entry_of(by_slug_, slug);
  return entry == nullptr ? nullptr : &entry->provider;
}

const Provider* Providers::find_topic(std::string_view topic_arn) const {
  const Entry* entry = entry_of(by_topic_, topic_arn);
  return entry == nullptr ? nullptr : &entry->provider;
}

void Providers::for_each(const std::function<void(const Provider&)>& look) const {
  for (const Entry& entry : entries_) {
    look(entry.provider);
  }
}

const Providers::Entry* Providers::entry_of(const Index& index, std::string_view key) const {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &entries_[found->second];
}

const Providers::Entry* Providers::entry_of_host(const std::vector<std::string>& hosts) const {
  const Entry* first = nullptr;
  for (const std::string& host : hosts) {
    const Entry* entry = entry_of(by_host_, host);
    if (entry != nullptr && (first == nullptr || (entry->users && !first->users))) {
      first = entry;
    }
  }
  return first;
}

Identity Providers::identify(std::string_view path_provider, const Clues& clues) const {
  const Entry* by_path = entry_of(by_slug_, path_provider);
  const Entry* by_id = entry_of(by_page_id_, clues.page_id);
  const Entry* by_host = entry_of_host(clues.hosts);
  const auto users = [](const Entry* entry) -> std::string_view {
    return entry != nullptr && entry->named_by_user ? entry->provider.name : std::string_view();
  };
  const auto known = [](const Entry* entry) -> std::string_view {
    return entry != nullptr ? entry->provider.name : std::string_view();
  };
  const bool host_is_users = by_host != nullptr && by_host->users;
  const bool id_is_users = by_id != nullptr && by_id->users;
  const Entry* found = by_id != nullptr && (id_is_users || !host_is_users) ? by_id : by_host;

  const std::string host = clues.hosts.empty() ? "" : display_name(clues.hosts.front());
  const std::string slug = !path_provider.empty() ? std::string(path_provider)
                           : found != nullptr
                               ? found->provider.slug
                               : first_slug({clues.name, host, clues.page_id, clues.product});
  Identity identity{slug,
                    first_text({users(by_path), users(by_id), users(by_host), clues.name,
                                known(by_id), known(by_host), known(by_path), host, clues.page_id,
                                path_provider, clues.product, slug}),
                    find(slug)};
  const Entry* by_name = entry_of(by_name_, clues.name);
  if (by_name == nullptr) {
    by_name = entry_of(by_slug_, to_slug(clues.name));
  }
  for (const Entry* entry : {by_id, by_host, by_name}) {
    const Provider* claimed = entry == nullptr ? nullptr : &entry->provider;
    if (claimed != nullptr && claimed != identity.entry) {
      identity.claimed.push_back(claimed);
    }
  }
  return identity;
}

}  // namespace monitor::status
