// Names and sentences as status pages have them, made up from lists. All are functions of the
// Random they are given.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lib/status/update.h"
#include "tests/bench/random.h"

namespace monitor::bench {

// "Lantern Pay"; each index has its own.
std::string provider_name(std::size_t index);
// All different.
std::vector<std::string> component_names(Random& random, std::size_t count);
std::string incident_title(Random& random, const std::string& component);
std::string maintenance_title(Random& random, const std::string& component);
// One to three sentences that fit the state.
std::string sentence(Random& random, status::State state, const std::string& component);

}  // namespace monitor::bench
