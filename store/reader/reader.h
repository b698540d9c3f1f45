// The store's reader: what the API asks of the database. Has a read-only connection of its own, so
// that it neither waits for the writer nor makes it wait; used by one thread, the HTTP server's.
// Each call sees one moment of the database. Throws storage::Error when it can't be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/storage/database.h"
#include "store/event.h"
#include "store/reader/event_reader.h"
#include "store/reader/figures.h"
#include "store/reader/incident_list.h"
#include "store/reader/links.h"
#include "store/reader/provider_reader.h"
#include "store/reader/query.h"
#include "store/reader/records.h"
#include "store/reader/unrecognised_list.h"

namespace monitor::store {

class Reader {
 public:
  // The file must have been made by an Archive.
  explicit Reader(const std::string& path);

  // Another one after each commit of the writer.
  std::int64_t version();
  IncidentPage incidents(const IncidentQuery& query);
  // `kind` empty: whichever there is; where a component bears an incident's id, the incident.
  std::optional<IncidentDetail> incident(std::string_view provider, std::string_view id,
                                         std::string_view kind);
  IncidentPage maintenances(const MaintenanceQuery& query, system::Time now);
  // The same, each with its updates; for forms that tell all of them at once.
  std::vector<IncidentDetail> details(const IncidentQuery& query);
  UnrecognisedPage unrecognised(const UnrecognisedQuery& query);
  // See ProviderReader.
  std::vector<std::string> changed_providers(std::int64_t& revision);
  std::optional<std::string> provider_name(std::string_view slug);
  std::optional<ProviderView> provider(std::string_view slug, system::Time now);
  // The events that are kept, for readers that were away; see event_hub.h.
  std::vector<Event> events_after(std::int64_t place, std::size_t limit);
  std::optional<std::int64_t> place_of(const feed::Cursors& seen);
  // The newest event and how much of each stream has been kept.
  std::pair<std::int64_t, feed::Cursors> newest_event();
  Figures figures();

 private:
  IncidentPage linked(IncidentPage page);
  void add_links(IncidentRecord& incident);
  std::vector<UpdateRecord> updates_of(std::int64_t row);

  std::string path_;
  storage::Database database_;
  storage::Statement version_;
  storage::Statement incident_;
  storage::Statement updates_;
  Links links_;
  IncidentList incidents_;
  ProviderReader providers_;
  EventReader events_;
};

}  // namespace monitor::store
