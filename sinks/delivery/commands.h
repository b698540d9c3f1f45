// What a sink answers at once instead of delivering, by looking into its ledger. Each prints on
// stdout and returns the exit code. A sink that runs on the same state goes on meanwhile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/feed/subscriber.h"

namespace monitor::delivery {

// A file of this name in the state directory tells the running sink to look for letters that are
// due.
inline constexpr const char* kRedeliverName = "redeliver";

int list_dead_letters(const std::string& state);
// ID, or "all". Marks them and wakes the sink that runs; false: none runs, so that the caller
// delivers them itself.
bool mark_for_redelivery(const std::string& state, const std::string& id);
// Cursor, lag (asks the receivers), figures, the last success and failure.
int show_status(const std::string& program, const std::string& state,
                const std::vector<feed::Source>& sources);

}  // namespace monitor::delivery
