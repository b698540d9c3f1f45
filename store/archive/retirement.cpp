#include "store/archive/retirement.h"

namespace monitor::store {
namespace {

// Some 10 ms; a second later come the next.
constexpr std::int64_t kRetiredAtOnce = 200;

constexpr std::string_view kOld =
    "SELECT id FROM incidents WHERE over = 1 AND updated_at < ?1 "
    "ORDER BY updated_at, id LIMIT ?2";
constexpr std::string_view kCount =
    "UPDATE tallies SET incidents = incidents - 1 "
    "WHERE (provider, kind) = (SELECT provider, kind FROM incidents WHERE id = ?1)";
constexpr std::string_view kTouch =
    "UPDATE providers SET revision = ?2 WHERE slug = (SELECT provider FROM incidents WHERE id = "
    "?1)";

}  // namespace

Retirement::Retirement(storage::Database& database)
    : components_(database),
      old_(database.prepare(kOld)),
      count_(database.prepare(kCount)),
      touch_(database.prepare(kTouch)),
      remove_updates_(database.prepare("DELETE FROM updates WHERE incident = ?1")),
      remove_components_(database.prepare("DELETE FROM incident_components WHERE incident = ?1")),
      remove_incident_(database.prepare("DELETE FROM incidents WHERE id = ?1")) {}

std::vector<std::int64_t> Retirement::retire(system::Time before, std::int64_t revision) {
  std::vector<std::int64_t> incidents;
  old_.bind(1, system::to_microseconds(before)).bind(2, kRetiredAtOnce);
  while (old_.step()) {
    incidents.push_back(old_.integer(0));
  }
  for (const std::int64_t incident : incidents) {
    remove(incident, revision);
  }
  return incidents;
}

void Retirement::remove(std::int64_t incident, std::int64_t revision) {
  const std::set<std::int64_t> listed = components_.listed_by(incident);
  touch_.bind(1, incident).bind(2, revision).run();
  for (storage::Statement* const statement :
       {&count_, &remove_updates_, &remove_components_, &remove_incident_}) {
    statement->bind(1, incident).run();
  }
  for (const std::int64_t component : listed) {
    components_.settle(component);
  }
}

}  // namespace monitor::store
