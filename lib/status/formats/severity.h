// How bad a sender's severity is. Severities are named by whoever set the sender up, so this knows
// the names that people commonly give.
#pragma once

#include <optional>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

// "critical", "SEV-2", "P1", "Sev 3 (minor)": the first word that says something. Nothing when none
// does.
std::optional<Impact> severity_impact(json::View value);

}  // namespace monitor::status
