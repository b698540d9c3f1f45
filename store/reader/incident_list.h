// GET /incidents and /maintenances: pages of incidents by what a client filters for. Used by
// Reader, inside its snapshot, on the HTTP server's thread.
#pragma once

#include <map>
#include <string>

#include "lib/storage/database.h"
#include "lib/system/clock.h"
#include "store/reader/query.h"
#include "store/reader/records.h"

namespace monitor::store {

// The columns that incident_at() reads, of `incidents i`.
std::string select_incidents();
IncidentRecord incident_at(const storage::Statement& row);

class IncidentList {
 public:
  explicit IncidentList(const storage::Database& database) : database_(database) {}

  // Newest change first; with `words` by the order in which incidents became known, newest first,
  // which the index of words has at hand.
  IncidentPage read(const IncidentQuery& query);
  IncidentPage upcoming(const MaintenanceQuery& query, system::Time now);

 private:
  storage::Statement& prepared(const std::string& sql);

  const storage::Database& database_;
  std::map<std::string, storage::Statement> statements_;  // as many as there are combinations asked
};

}  // namespace monitor::store
