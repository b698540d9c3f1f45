// The `mapping` of a provider in the providers file.
#pragma once

#include <string>

#include "lib/status/checked_toml.h"

namespace monitor::status {

// As mapping.h writes it; "" when the entry has none. Throws system::ConfigError for a pointer that
// is none, a word that the vocabulary lacks, and a mapping without format "generic" or the other
// way round.
std::string read_provider_mapping(const CheckedToml& toml, const toml::table& provider,
                                  const std::string& format);

}  // namespace monitor::status
