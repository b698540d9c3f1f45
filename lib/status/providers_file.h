// The form of catalogue.toml and of a user's providers file: [[provider]] tables (README.md
// describes their keys). Refuses a file as a whole, because a misspelt key would silently misname
// what arrives, or let it in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/status/providers.h"

namespace monitor::status {

// The entries in the order of the file. Throws system::ConfigError "cannot use providers file PATH:
// line N: ..." for text that is no TOML, an unknown key, a wrong type, an entry with neither slug
// nor name, a slug, page id, host or topic that stands there twice, and a secret that is missing,
// weak or unreadable. Secrets in files of their own are read; their paths are relative to PATH's
// directory.
std::vector<Provider> parse_providers(std::string_view text, const std::string& path);

}  // namespace monitor::status
