// Incidents and maintenances as an Atom feed (RFC 4287), for feed readers and chat bots. A pure
// function: whatever senders wrote, it is well-formed XML.
//
// Links to this store are relative and resolve against the address that the reader fetched the feed
// from. So they are right behind any proxy and prefix without a setting, and nobody can put another
// host into them: the Host of a request is whatever its sender likes.
#pragma once

#include <string>
#include <vector>

#include "store/api/feed.h"

namespace monitor::store {

// `incidents`: newest first, as they shall stand; components have no place in a feed. Each entry
// has all updates, up to kMostUpdates, newest first. A feed without entries was updated in 1970.
std::string atom_feed(const FeedHead& head, const std::vector<IncidentDetail>& incidents);

}  // namespace monitor::store
