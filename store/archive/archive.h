// The store's writer: takes events of the feed and makes them rows, all that are at hand in one
// transaction, with the cursors in it. So each event's effect is there exactly once, whenever the
// program is killed. Owns the file's only writing connection; driven by the loop's thread. What the
// disk refuses is thrown as storage::Error and leaves nothing half done: the same events may be
// given again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/feed/cursor.h"
#include "lib/storage/database.h"
#include "store/archive/arrival.h"
#include "store/archive/event_log.h"
#include "store/archive/incident_rows.h"
#include "store/archive/relearning.h"
#include "store/archive/retirement.h"
#include "store/archive/search_index.h"
#include "store/archive/unrecognised_rows.h"

namespace monitor::store {

class Archive {
 public:
  // Opens or makes the file, see open_for_writing(); cursors may be set back, see relearning.h.
  explicit Archive(const std::string& path, const Knowledge& known = knowledge());

  // Where the effect of each stream ends.
  feed::Cursors cursors();
  // All of them or, with storage::Error, none. Hands out the updates that were not known before.
  // `behind`: events that are known to come after these.
  News apply(std::span<const Arrival> arrivals, std::uint64_t behind = 0);

  // Makes what changed findable by its words, a bounded number at once; false when nothing is left.
  // See search_index.h.
  bool make_searchable();
  // Deletes what is over and has not changed since `before`, a bounded number at once; false when
  // nothing is left.
  bool retire(system::Time before);

 private:
  struct Heard {
    std::string name;
    system::Time first = system::Time::max();
    system::Time last{};
    std::int64_t unrecognised = 0;
  };
  // What a transaction adds to the small tables, gathered so that each row is written once.
  struct Sums {
    feed::Cursors cursors;
    feed::Cursors rereads;  // how far streams that are read again had been applied
    std::map<std::string, std::uint64_t> lost;
    bool set_back = false;  // a journal was: what readers have seen of it says nothing any more
    std::map<std::string, Heard> heard;
    std::map<std::pair<std::string, status::Kind>, Change> changes;
  };

  void learn(const Knowledge& known);
  void set_checkpoints(bool far_behind);
  feed::Cursors rereads();
  void take(const Arrival& arrival, Sums& sums);
  void hear(Heard& heard, const std::string& name, system::Time at);
  void advance(const Arrival& arrival, Sums& sums);
  std::int64_t next_revision();
  void write(const Sums& sums);

  storage::Database database_;
  std::optional<bool> far_behind_;
  feed::CursorTable cursor_table_;
  IncidentRows incidents_;
  UnrecognisedRows unrecognised_;
  SearchIndex search_;
  EventLog events_;
  Retirement retirement_;
  storage::Statement add_heard_;
  storage::Statement add_change_;
  storage::Statement add_lost_;
  storage::Statement end_reread_;
  storage::Statement next_revision_;
};

}  // namespace monitor::store
