// What a provider must show, in the providers file: token, token_file, signature, topic_arns,
// verify and aggregator.
#pragma once

#include "lib/status/checked_toml.h"
#include "lib/status/providers.h"

namespace monitor::status {

// Throws system::ConfigError, which never shows a secret, for one that is missing, weak, unreadable
// or given twice over, an unknown scheme and a topic that stands elsewhere in the file.
Credentials read_provider_credentials(const CheckedToml& toml, const toml::table& provider,
                                      Claims& topics);

}  // namespace monitor::status
