// What GET /incidents?q= looks through: one text an incident, made of its provider, name,
// components and the messages of all its updates, in the FTS5 table `search`
// (https://www.sqlite.org/fts5.html). Used by Archive, on the loop's thread.
//
// Words cost more than everything else that is written of an update. So a change only notes the
// incident (table `unsearched`), and the text is made when the feed has nothing new: at once while
// updates come one by one, at the end while a day of them is fetched. Nothing is forgotten when the
// program is killed between.
#pragma once

#include <cstdint>

#include "lib/storage/database.h"

namespace monitor::store {

class SearchIndex {
 public:
  explicit SearchIndex(storage::Database& database);

  // Each inside a transaction of the caller's.
  void note(std::int64_t incident);
  void forget(std::int64_t incident);
  // Makes the texts of at most `most` incidents; false when none is left.
  bool catch_up(int most);

 private:
  void index(std::int64_t incident);

  storage::Statement note_;
  storage::Statement noted_;
  storage::Statement done_;
  storage::Statement remove_;
  storage::Statement insert_;
};

}  // namespace monitor::store
