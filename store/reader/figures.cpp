#include "store/reader/figures.h"

#include "lib/feed/cursor.h"
#include "lib/status/update.h"

namespace monitor::store {
namespace {

std::vector<Tally> read_tallies(const storage::Database& database) {
  std::vector<Tally> tallies;
  auto row = database.prepare("SELECT provider, kind, incidents, open, updates FROM tallies");
  while (row.step()) {
    tallies.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2),
                       row.integer(3), row.integer(4)});
  }
  return tallies;
}

std::map<std::string, ProviderRecord> read_providers(const storage::Database& database) {
  std::map<std::string, ProviderRecord> providers;
  auto row = database.prepare("SELECT slug, name, last_heard_at, unrecognised FROM providers");
  while (row.step()) {
    providers[std::string(row.text(0))] = {
        std::string(row.text(1)), system::from_microseconds(row.integer(2)), row.integer(3)};
  }
  return providers;
}

std::int64_t read_number(const storage::Database& database, std::string_view sql) {
  return database.prepare(sql).run_for_integer().value_or(0);
}

bool is_component(const Tally& tally) { return tally.kind == word(status::Kind::component); }

}  // namespace

Figures read_figures(const storage::Database& database) {
  return {.tallies = read_tallies(database),
          .providers = read_providers(database),
          .streams = feed::read_cursors(database.prepare("SELECT stream, seq FROM cursors")),
          .lost = read_number(database, "SELECT coalesce(sum(events), 0) FROM losses"),
          .unsearched = read_number(database, "SELECT count(*) FROM unsearched")};
}

std::int64_t Figures::incidents() const {
  std::int64_t sum = 0;
  for (const Tally& tally : tallies) {
    sum += is_component(tally) ? 0 : tally.incidents;
  }
  return sum;
}

std::int64_t Figures::components() const {
  std::int64_t sum = 0;
  for (const Tally& tally : tallies) {
    sum += is_component(tally) ? tally.incidents : 0;
  }
  return sum;
}

std::int64_t Figures::updates() const {
  std::int64_t sum = 0;
  for (const Tally& tally : tallies) {
    sum += tally.updates;
  }
  return sum;
}

std::int64_t Figures::unrecognised() const {
  std::int64_t sum = 0;
  for (const auto& [slug, provider] : providers) {
    sum += provider.unrecognised;
  }
  return sum;
}

}  // namespace monitor::store
