// What the reader gives and the API shows: rows of the store as values. Words (kind, status,
// impact) are those of lib/status/update.h, as the database keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

// A place in the list, newest first: what comes after it is older, or as old and inserted earlier.
struct Position {
  std::int64_t updated_at = 0;
  std::int64_t row = 0;
};

struct IncidentPage {
  std::vector<IncidentRecord> incidents;
  std::optional<Position> next;  // nothing on the last page
};

}  // namespace monitor::store
