// Maintenance windows as a calendar (RFC 5545, with RFC 7986), to subscribe to. A pure function:
// whatever senders wrote, each of its lines is one property and no longer than 75 octets.
//
// Nothing in it depends on when it is asked for: the same maintenances are the same bytes, so that
// a calendar that asks again can be told that nothing changed.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "store/api/feed.h"

namespace monitor::store {

// Of a maintenance whose sender tells a beginning and no end that follows it: most take half an
// hour to two, and a window that is shown too short is still seen.
inline constexpr std::chrono::hours kUsualWindow{1};

// `maintenances`: those without a window are left out. Each has all updates, up to kMostUpdates.
std::string maintenance_calendar(const FeedHead& head,
                                 const std::vector<IncidentDetail>& maintenances);

}  // namespace monitor::store
