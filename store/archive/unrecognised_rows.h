// The bodies that nobody could read, over the tables unrecognised and unrecognised_streams: one row
// a (provider, format, shape) with a count, its first and last place and the newest body. Used by
// Archive inside its transaction, on the loop's thread.
//
// - An event is counted once, however often it is read again: for each row and stream stands the
// last seq that was counted, and seqs only grow. A row that was forgotten is counted anew.
// - Shapes are the senders' to make up, so rows are bounded. What comes beyond the bounds is
// counted in one more row a provider (`rest`), without a sample, that is not listed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/storage/database.h"
#include "store/archive/arrival.h"

namespace monitor::store {

// A sender has a handful of shapes; a provider that has more of them is no sender that a person
// will look through. In all: room for 20 such ones, and 16 MiB of samples.
inline constexpr std::int64_t kMostShapesOfProvider = 50;
inline constexpr std::int64_t kMostShapes = 1000;

class UnrecognisedRows {
 public:
  explicit UnrecognisedRows(storage::Database& database);

  // False when this event has been counted before.
  bool put(const Arrival& arrival);
  // The stream's journal was set back: what has `seq` now, and what follows, was never counted.
  void set_back(std::string_view stream, std::uint64_t seq);

 private:
  struct Key {
    std::string_view provider;
    bool rest = false;
    std::string_view format;
    std::string_view shape;
  };

  std::int64_t row_of(const Arrival& arrival);
  std::optional<std::int64_t> find(const Key& key);
  std::int64_t insert(const Key& key);
  bool has_room(std::string_view provider);
  bool advance(std::int64_t row, const Arrival& arrival);
  void tell(std::int64_t row, const Arrival& arrival);

  storage::Database& database_;
  storage::Statement find_;
  storage::Statement insert_;
  storage::Statement has_room_;
  storage::Statement advance_;
  storage::Statement count_;
  storage::Statement tell_first_;
  storage::Statement tell_last_;
  storage::Statement set_back_;
};

}  // namespace monitor::store
