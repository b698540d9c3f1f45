// The form of catalogue.toml and of a user's providers file: [[provider]] tables with slug, name,
// page_ids, hosts and platform. Refuses a file as a whole, because a misspelt key would silently
// misname what arrives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/status/providers.h"

namespace monitor::status {

// The entries in the order of the file. Throws system::ConfigError "cannot use providers file PATH:
// line N: ..." for text that is no TOML, an unknown key, a wrong type, an entry with neither slug
// nor name, and for a slug, page id or host that stands there twice.
std::vector<Provider> parse_providers(std::string_view text, const std::string& path);

}  // namespace monitor::status
