// The formatter's loop on the feed: takes event after event, prints, and moves the cursor behind
// what has been written. Leaves on a signal and when nobody reads stdout any more. Throws when it
// can't go on (database, disk full behind stdout).
#pragma once

#include "formatter/output.h"
#include "formatter/settings.h"
#include "formatter/stop.h"

namespace monitor::formatter {

// Returns the exit code.
int follow(const Settings& settings, DescriptorOutput& output, Stop& stop);

}  // namespace monitor::formatter
