// `status-store --rebuild`: makes the database anew from the receivers' journals, by the feed,
// while a running status-store goes on serving the old one; then the new one takes its place. Runs
// on main's thread. What the journals no longer keep is not in the new database: it says so, and
// the old one stays beside it.
#pragma once

#include "lib/system/signals.h"
#include "store/settings.h"

namespace monitor::store {

// 0 when the new database is in place (or will be at the next start); 1 when it was told to end
// before, with nothing changed. Throws when it can't go on.
int rebuild(const Settings& settings, const system::Signals& signals);

}  // namespace monitor::store
