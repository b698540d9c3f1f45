#include "lib/status/formats/entries.h"

#include <algorithm>

#include "lib/status/formats/fields.h"

namespace monitor::status {

std::vector<Entry> latest_first(json::View list,
                                std::initializer_list<std::string_view> time_keys) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
    const json::View update = list.at(i);
    if (update.is_object()) {
      entries.push_back({update, first_time(update, time_keys)});
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.time > b.time; });
  return entries;
}

json::View latest_of(const std::vector<Entry>& entries) {
  return entries.empty() ? json::View() : entries.front().update;
}

std::vector<PastUpdate> history_of(const std::vector<Entry>& entries, const EntryReading& reading) {
  std::vector<PastUpdate> history;
  for (std::size_t i = 1; i < entries.size() && history.size() < kMaxHistory; ++i) {
    const json::View update = entries[i].update;
    history.push_back({id_text(update[reading.id_key]), reading.state(update),
                       message_text(update[reading.text_key]), entries[i].time});
  }
  return history;
}

}  // namespace monitor::status
