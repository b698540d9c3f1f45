#include "lib/status/catalogue.h"

#include "lib/system/embedded.h"

EMBED_FILE(catalogue, "lib/status/catalogue.toml")

namespace monitor::status {

std::string_view catalogue_text() { return EMBEDDED(catalogue); }

}  // namespace monitor::status
