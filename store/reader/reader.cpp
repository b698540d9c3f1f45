#include "store/reader/reader.h"

#include <filesystem>
#include <utility>

#include "lib/status/update.h"
#include "store/columns.h"

namespace monitor::store {
namespace {

// The indexes that a page of a list walks, of a million updates.
constexpr const char* kTuning = "PRAGMA cache_size = -16000";

constexpr const char* kOneIncident =
    "WHERE i.provider = ?1 AND i.incident_id = ?2 AND (?3 = '' OR i.kind = ?3) "
    "ORDER BY i.kind = 'component', i.updated_at DESC, i.id DESC LIMIT 1";
constexpr const char* kUpdates =
    "SELECT update_id, coalesce(status, ''), message, happened_at, received_at, seq "
    "FROM updates WHERE incident = ?1 ORDER BY happened_at DESC, id DESC";

// One moment of the database for several statements.
class Snapshot {
 public:
  explicit Snapshot(storage::Database& database) : database_(database) {
    database_.execute("BEGIN");
  }
  ~Snapshot() {
    try {
      database_.execute("ROLLBACK");
    } catch (const storage::Error&) {
      // SQLite has ended it already, for the error that is on its way.
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  storage::Database& database_;
};

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace

Reader::Reader(const std::string& path)
    : path_(path),
      database_(storage::Database::open(path, storage::Database::Mode::read_only)),
      version_(database_.prepare("PRAGMA data_version")),
      incident_(database_.prepare(select_incidents() + kOneIncident)),
      updates_(database_.prepare(kUpdates)),
      links_(database_),
      incidents_(database_),
      providers_(database_),
      events_(database_) {
  database_.execute(kTuning);
}

std::int64_t Reader::version() { return version_.run_for_integer().value(); }

IncidentPage Reader::incidents(const IncidentQuery& query) {
  const Snapshot snapshot(database_);
  return linked(incidents_.read(query));
}

IncidentPage Reader::maintenances(const MaintenanceQuery& query, system::Time now) {
  const Snapshot snapshot(database_);
  return linked(query.upcoming
                    ? incidents_.upcoming(query, now)
                    : incidents_.read({.limit = query.limit,
                                       .after = query.after,
                                       .provider = query.provider,
                                       .kind = std::string(word(status::Kind::maintenance))}));
}

std::vector<IncidentDetail> Reader::details(const IncidentQuery& query) {
  const Snapshot snapshot(database_);
  std::vector<IncidentDetail> details;
  for (IncidentRecord& incident : linked(incidents_.read(query)).incidents) {
    const std::int64_t row = incident.row;
    details.push_back({std::move(incident), updates_of(row)});
  }
  return details;
}

std::vector<std::string> Reader::changed_providers(std::int64_t& revision) {
  const Snapshot snapshot(database_);
  return providers_.changed(revision);
}

std::optional<std::string> Reader::provider_name(std::string_view slug) {
  return providers_.name(slug);
}

std::optional<ProviderView> Reader::provider(std::string_view slug, system::Time now) {
  const Snapshot snapshot(database_);
  return providers_.view(slug, now);
}

std::optional<IncidentDetail> Reader::incident(std::string_view provider, std::string_view id,
                                               std::string_view kind) {
  const Snapshot snapshot(database_);
  if (!incident_.bind(1, provider).bind(2, id).bind(3, kind).step()) {
    return std::nullopt;
  }
  IncidentDetail detail{.incident = incident_at(incident_), .updates = {}};
  incident_.reset();
  add_links(detail.incident);
  detail.updates = updates_of(detail.incident.row);
  return detail;
}

UnrecognisedPage Reader::unrecognised(const UnrecognisedQuery& query) {
  return read_unrecognised(database_, query);
}

std::vector<Event> Reader::events_after(std::int64_t place, std::size_t limit) {
  return events_.after(place, limit);
}

std::optional<std::int64_t> Reader::place_of(const feed::Cursors& seen) {
  const Snapshot snapshot(database_);
  return events_.place_of(seen);
}

std::pair<std::int64_t, feed::Cursors> Reader::newest_event() {
  const Snapshot snapshot(database_);
  return {events_.newest_place(), events_.streams()};
}

Figures Reader::figures() {
  const Snapshot snapshot(database_);
  Figures figures = read_figures(database_);
  figures.database_bytes = size_of(path_) + size_of(path_ + "-wal");
  return figures;
}

IncidentPage Reader::linked(IncidentPage page) {
  for (IncidentRecord& incident : page.incidents) {
    add_links(incident);
  }
  return page;
}

void Reader::add_links(IncidentRecord& incident) {
  incident.components = links_.components_of(incident);
  if (incident.kind == word(status::Kind::component)) {
    incident.incident_ids = links_.incidents_of(incident);
  }
}

std::vector<UpdateRecord> Reader::updates_of(std::int64_t row) {
  std::vector<UpdateRecord> updates;
  updates_.bind(1, row);
  while (updates_.step()) {
    updates.push_back({text_at(updates_, 0), text_at(updates_, 1), text_at(updates_, 2),
                       time_at(updates_, 3), time_at(updates_, 4),
                       static_cast<std::uint64_t>(updates_.integer(5))});
  }
  return updates;
}

}  // namespace monitor::store
