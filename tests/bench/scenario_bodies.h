// The webhooks of a scenario as their senders write them. What real bodies have and nobody reads is
// there too, so that they are as long as real ones and cost as much to parse.
#pragma once

#include <string>

#include "tests/bench/scenario.h"

namespace monitor::bench {

std::string body_of(const Telling& telling, const Life& life, const Provider& provider);

// For the providers file of the receiver that serves the journal: how bodies of "generic" are read.
std::string provider_entry(const Provider& provider);

}  // namespace monitor::bench
