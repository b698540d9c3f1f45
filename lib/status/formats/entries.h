// The updates that one incident's body brings along (incident_updates, maintenance_updates, Posts):
// senders list them in one order or another and promise none.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

struct Entry {
  json::View update;
  std::optional<system::Time> time;
};

// The objects of `list`, latest first. By time, the first of `time_keys` that holds one; where
// times tell nothing the order stays, which is newest first with all known senders.
std::vector<Entry> latest_first(json::View list, std::initializer_list<std::string_view> time_keys);
// The first of them; missing when there is none.
json::View latest_of(const std::vector<Entry>& entries);

// What an entry says: where its text stands and what state it tells, if any.
struct EntryReading {
  std::string_view id_key;
  std::string_view text_key;
  std::function<std::optional<State>(json::View entry)> state;
};
// All but the latest, newest first, at most kMaxHistory of them.
std::vector<PastUpdate> history_of(const std::vector<Entry>& entries, const EntryReading& reading);

}  // namespace monitor::status
