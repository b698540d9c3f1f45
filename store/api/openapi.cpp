#include "store/api/openapi.h"

#include "lib/system/embedded.h"

EMBED_FILE(openapi, "store/api/openapi.json")

namespace monitor::store {

std::string_view openapi_text() { return EMBEDDED(openapi); }

}  // namespace monitor::store
