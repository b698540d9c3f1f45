// A provider's name and present status as a small picture (SVG) for READMEs and dashboards. A pure
// function; loads nothing, runs nothing, and whatever the name holds, it is well-formed and no text
// leaves its box: a viewer with other fonts squeezes or stretches it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace monitor::store {

// Characters of a name that are drawn; a longer one ends in an ellipsis.
inline constexpr std::size_t kMostBadgeName = 60;

// `status`: operational, under_maintenance, degraded_performance, partial_outage or major_outage;
// everything else is unknown.
std::string badge_svg(std::string_view name, std::string_view status);

}  // namespace monitor::store
