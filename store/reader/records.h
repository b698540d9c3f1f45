// What the reader gives and the API shows: rows of the store as values. Words (kind, status,
// impact) are those of lib/status/update.h, as the database keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/system/clock.h"

namespace monitor::store {

struct ComponentRecord {
  std::string id;
  std::string name;
  std::string status;  // empty: not told
};

struct IncidentRecord {
  std::int64_t row = 0;  // grows with insertion
  std::string provider;
  std::string provider_name;
  std::string id;
  std::string kind;
  std::string name;
  std::string status;
  std::string impact;
  std::string url;
  std::string message;
  system::Time created_at{};
  system::Time updated_at{};
  std::optional<system::Time> resolved_at;
  std::optional<system::Time> scheduled_for;
  std::optional<system::Time> scheduled_until;
  bool test = false;
  std::vector<ComponentRecord> components;
  std::vector<std::string> incident_ids;  // of a component: what it is part of, see links.h
};

struct UpdateRecord {
  std::string id;
  std::string status;  // empty: not told
  std::string message;
  system::Time happened_at{};
  system::Time received_at{};
  std::uint64_t seq = 0;
};

struct IncidentDetail {
  IncidentRecord incident;
  std::vector<UpdateRecord> updates;  // newest first
};

// A place in a list: what comes after it is older (of what is to come: later), or of the same time
// and inserted earlier (later).
struct Position {
  std::int64_t at = 0;  // microseconds since 1970
  std::int64_t row = 0;
};

struct IncidentPage {
  std::vector<IncidentRecord> incidents;
  std::optional<Position> next;  // nothing on the last page
};

// What a provider is of which nothing that could be read has come.
inline constexpr std::string_view kUnknown = "unknown";

struct DayRecord {
  std::string date;    // 2026-02-20, UTC
  std::string status;  // the worst of the day
};

// One provider as it is now.
struct ProviderView {
  std::string slug;
  std::string name;
  std::string status;  // of a component, or kUnknown
  system::Time first_heard_at{};
  system::Time last_heard_at{};
  std::vector<IncidentRecord> open;         // incidents and what of maintenance is under way
  std::vector<ComponentRecord> components;  // worst first, then by name; bounded
  std::int64_t components_total = 0;
  std::vector<DayRecord> history;  // days on which something was wrong, oldest first
};

}  // namespace monitor::store
