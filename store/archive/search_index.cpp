#include "store/archive/search_index.h"

#include <string_view>
#include <vector>

namespace monitor::store {
namespace {

// A page tells of one incident in a hundred updates at most; what a flood of them says beyond is
// found by the newest.
constexpr std::string_view kInsert =
    "INSERT INTO search(rowid, provider, text) SELECT i.id, i.provider, "
    "coalesce(p.name, '') || char(10) || i.name || char(10) || i.message || char(10) || "
    "coalesce((SELECT group_concat(name, char(10)) FROM incident_components "
    "WHERE incident = ?1), '') || char(10) || "
    "coalesce((SELECT group_concat(message, char(10)) FROM (SELECT message FROM updates "
    "WHERE incident = ?1 ORDER BY happened_at DESC LIMIT 100)), '') "
    "FROM incidents i LEFT JOIN providers p ON p.slug = i.provider WHERE i.id = ?1";

}  // namespace

SearchIndex::SearchIndex(storage::Database& database)
    : note_(database.prepare("INSERT INTO unsearched(incident) VALUES(?1) ON CONFLICT DO NOTHING")),
      noted_(database.prepare("SELECT incident FROM unsearched LIMIT ?1")),
      done_(database.prepare("DELETE FROM unsearched WHERE incident = ?1")),
      remove_(database.prepare("DELETE FROM search WHERE rowid = ?1")),
      insert_(database.prepare(kInsert)) {}

void SearchIndex::note(std::int64_t incident) { note_.bind(1, incident).run(); }

void SearchIndex::forget(std::int64_t incident) {
  remove_.bind(1, incident).run();
  done_.bind(1, incident).run();
}

bool SearchIndex::catch_up(int most) {
  std::vector<std::int64_t> incidents;
  noted_.bind(1, std::int64_t{most});
  while (noted_.step()) {
    incidents.push_back(noted_.integer(0));
  }
  for (const std::int64_t incident : incidents) {
    index(incident);
  }
  return !incidents.empty();
}

void SearchIndex::index(std::int64_t incident) {
  forget(incident);
  insert_.bind(1, incident).run();
}

}  // namespace monitor::store
