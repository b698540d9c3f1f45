// The components of all providers and how each is now, over the tables components and
// incident_components. Used by IncidentRows inside the archive's transaction, on the loop's thread.
//
// A component is known by the sender's id; by its name where a body tells no id (ids that formats
// make up, status::made_id, are none). Its present state follows from the rows alone, so that every
// order of arrival ends alike:
// 1. the newest word, by the sender's time, of: its own webhooks; incidents and maintenances under
//    way that list it; those that are over and whose last body told of it
// 2. where that is operational, or nobody said anything: an incident under way that lists it later
//    without a word makes it as bad as the incident's impact
// 3. else it is operational.
// What is only planned says nothing of the present. What an incident said before it ended with a
// body that lists nothing is taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "lib/status/update.h"
#include "lib/storage/database.h"

namespace monitor::store {

class ComponentRows {
 public:
  explicit ComponentRows(storage::Database& database);

  // A body of the entry `incident` (a row of incidents) is `update`, and the entry stands at
  // `stands` now. The newest body that lists components is the one whose list is kept.
  void tell(std::int64_t incident, const status::StatusUpdate& update, status::State stands);
  // The body of a component's own webhook stands.
  void tell_own(std::int64_t entry, const status::StatusUpdate& update);

  // The present state of every component anew: after the tables came from an earlier version.
  void settle_all();
  // The same for those that the entry lists, before it is deleted and after its rows are gone.
  std::set<std::int64_t> listed_by(std::int64_t incident);
  void settle(std::int64_t component);

 private:
  struct Word {
    status::State state = status::State::operational;
    std::int64_t at = -1;  // -1: nobody said anything
  };

  struct Marks {
    bool under_way = false;
    bool counts = false;  // where a state is told
  };

  bool has_newer_list(std::int64_t incident, const status::StatusUpdate& update);
  bool lists_the_same(std::int64_t incident, const status::StatusUpdate& update);
  void list(std::int64_t incident, const status::StatusUpdate& update, Marks marks);
  bool tell_own_again(std::int64_t entry, const status::StatusUpdate& update);
  void replace(std::int64_t incident, const status::StatusUpdate& update, Marks marks);
  void tell_again(std::int64_t incident, const status::StatusUpdate& update, Marks marks);
  void mark(std::int64_t incident, bool under_way);
  void settle_those_of(std::int64_t incident);
  std::int64_t row_of(std::string_view provider, std::string_view id, std::string_view name);
  std::optional<std::int64_t> find(storage::Statement& statement, std::string_view provider,
                                   std::string_view text);
  Word newest_word(std::int64_t component);
  Word worst_implied(std::int64_t component);

  storage::Database& database_;
  storage::Statement by_id_;
  storage::Statement by_name_;
  storage::Statement nameless_;
  storage::Statement insert_;
  storage::Statement adopt_;
  storage::Statement rename_;
  storage::Statement own_;
  storage::Statement list_time_;
  storage::Statement listed_;
  storage::Statement listed_by_;
  storage::Statement clear_;
  storage::Statement add_;
  storage::Statement own_again_;
  storage::Statement tell_again_;
  storage::Statement mark_;
  storage::Statement told_;
  storage::Statement told_by_itself_;
  storage::Statement implied_;
  storage::Statement settle_;
};

}  // namespace monitor::store
