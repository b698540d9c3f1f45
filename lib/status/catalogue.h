// The text of catalogue.toml as it was when the program was built. Trusted: what is wrong with it
// is our bug.
#pragma once

#include <string_view>

namespace monitor::status {

std::string_view catalogue_text();

}  // namespace monitor::status
