// What readers of bodies that tell little share: ids where others have names, a planned time where
// others have a state, an incident that was deleted rather than resolved.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

// `noun` and the id, "component 3"; nothing where there is no id.
std::optional<Component> numbered_component(std::string_view noun, json::View id);

// Makes `update` the maintenance that is planned from `start` to `end`, in the state that its
// sender tells, else the one that it has at update.happened_at.
void set_planned(StatusUpdate& update, std::optional<system::Time> start,
                 std::optional<system::Time> end, std::optional<State> told = std::nullopt);

// Makes `update` over without an end of its own; its message says "TITLE (deleted)".
void set_deleted(StatusUpdate& update);

}  // namespace monitor::status
