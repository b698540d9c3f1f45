// What the store's tests share: updates made by hand, a store in a directory of its own, and its
// answers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lib/status/update.h"
#include "store/archive/archive.h"
#include "store/reader/reader.h"
#include "tests/support/temp_dir.h"

namespace monitor::store {

inline constexpr std::int64_t kNoon = 1'771'588'800'000'000;  // 2026-02-20T12:00:00Z

inline system::Time minute(int minutes) {
  return system::from_microseconds(kNoon) + std::chrono::minutes(minutes);
}

// An update of GitHub's incident "inc" with the id `update_id`, `at` minutes past noon.
inline status::StatusUpdate update_of(const std::string& update_id, status::State state, int at) {
  status::StatusUpdate update;
  update.provider = "github";
  update.provider_name = "GitHub";
  update.incident_id = "inc";
  update.name = "Pushes fail";
  update.impact = status::Impact::major;
  update.state = state;
  update.message = "text of " + update_id;
  update.update_id = update_id;
  update.happened_at = minute(at);
  update.received_at = minute(at);
  return update;
}

inline status::PastUpdate past_of(const std::string& update_id, status::State state, int at) {
  return {update_id, state, "text of " + update_id, minute(at)};
}

inline Arrival arrival_of(std::uint64_t seq, std::vector<status::StatusUpdate> updates) {
  Arrival arrival{.stream = "s",
                  .seq = seq,
                  .received_at = minute(static_cast<int>(seq)),
                  .provider = "github",
                  .provider_name = "GitHub",
                  .reading = {}};
  if (!updates.empty()) {
    arrival.provider = updates.front().provider;
    arrival.provider_name = updates.front().provider_name;
  }
  for (status::StatusUpdate& update : updates) {
    update.stream = arrival.stream;
    update.seq = seq;
  }
  arrival.reading.recognised = true;
  arrival.reading.updates = std::move(updates);
  return arrival;
}

// An event whose body nobody could read.
inline Arrival unread_of(std::uint64_t seq, const std::string& shape = "hello,ping") {
  Arrival arrival = arrival_of(seq, {});
  arrival.reading.recognised = false;
  arrival.reading.shape = shape;
  arrival.format = "auto";
  arrival.sample = R"({"seq":)" + std::to_string(seq) + "}";
  return arrival;
}

// Calls `tell` with the numbers below `count` in each order that there is.
template <typename Tell>
void for_each_order(std::size_t count, Tell tell) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    tell(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

struct StoreFixture {
  void put(const status::StatusUpdate& update) {
    const std::vector<Arrival> arrivals{arrival_of(++seq, {update})};
    archive.apply(arrivals);
  }
  void take(const Arrival& arrival) { archive.apply({&arrival, 1}); }
  IncidentDetail detail(const std::string& provider = "github", const std::string& id = "inc") {
    return reader.incident(provider, id, "").value();
  }
  IncidentRecord incident() { return detail().incident; }
  std::vector<std::string> update_ids() {
    std::vector<std::string> ids;
    for (const UpdateRecord& update : detail().updates) {
      ids.push_back(update.id);
    }
    return ids;
  }

  tests::TempDir directory;
  std::string path = directory / "store.db";
  Archive archive{path};
  Reader reader{path};
  // Another connection, for looking at what is written, and for sabotage.
  storage::Database database = storage::Database::open(path, storage::Database::Mode::read_write);
  std::uint64_t seq = 0;
};

}  // namespace monitor::store
