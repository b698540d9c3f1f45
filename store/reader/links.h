// How components and incidents belong together. A page tells of one outage by the webhook of the
// incident and those of its components, in any order; both are kept as they came, and linked when
// they are read: so neither an order of arrival nor a restart can break a link.
//
// - A component that is not operational is part of each incident or maintenance of its provider
//   that is under way (open, and not merely scheduled) and lists it: by id, or by name where the
//   incident's body or the component's own told no id.
// - While an incident is open, its components are shown as the newest word has them, by the
//   sender's time: the incident's body's or the component's own. Once it is over they stand as its
//   last body had them: what befalls them later is not its affair.
// - A list of what is active leaves out a component that is part of an incident, which is listed
//   itself: an outage is there once, on whichever page. With a filter by kind, status or impact,
//   which the incident may not pass, the component is listed too.
//
// Used by Reader, inside its snapshot, on the HTTP server's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/storage/database.h"
#include "store/reader/records.h"

namespace monitor::store {

// A component breaks in one incident, or in two; more ids than these help nobody.
inline constexpr std::int64_t kMostLinks = 20;

// SQL that is true when the row of incidents `i` is part of an incident.
std::string_view is_part_of_incident();

class Links {
 public:
  explicit Links(const storage::Database& database);

  // Ids of the incidents that this component is part of, newest first.
  std::vector<std::string> incidents_of(const IncidentRecord& component);
  std::vector<ComponentRecord> components_of(const IncidentRecord& incident);

 private:
  storage::Statement incidents_;
  storage::Statement components_;
};

}  // namespace monitor::store
