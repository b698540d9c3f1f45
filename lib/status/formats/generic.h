// Bodies read by a user's own mapping (mapping.h).
#pragma once

#include <vector>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/mapping.h"

namespace monitor::status {

// The update in `body`; none when the mapping finds neither a status, a message nor a name in it.
// Kind: what the mapped status word belongs to.
std::vector<StatusUpdate> read_generic(json::View body, const Mapping& mapping,
                                       const Origin& origin);

}  // namespace monitor::status
