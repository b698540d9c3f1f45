// The loop that every sink shares: takes events from the feed in order, delivers the updates in
// them, holds the line while the destination is away, buries what it refuses, and moves the cursor
// once what was delivered is settled.
//
//   event -> updates -> filter -> not seen before -> deliver --delivered--> batch -> settle ->
//   ledger
//                                        ^              |   \--rejected--> dead letter in the batch
//                                        +- back-off <--+ retry
//
// At least once: after a crash what was delivered since the last commit (at most Sink::group()) is
// delivered again. Driven by run(), until TERM; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "lib/feed/message.h"
#include "lib/feed/reading.h"
#include "lib/status/filter.h"
#include "sinks/delivery/backoff.h"
#include "sinks/delivery/event_source.h"
#include "sinks/delivery/ledger.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

// Events without anything to deliver share a commit too.
inline constexpr std::size_t kEventsPerCommit = 100;

// The outside of the loop that tests take the place of.
struct Tempo {
  std::function<double()> random;                        // 0 to below 1
  std::function<void(std::chrono::milliseconds)> pause;  // ends early when a signal comes
};
Tempo real_tempo(Orders& orders);

class Loop {
 public:
  // All references must outlive the loop.
  Loop(EventSource& source, Ledger& ledger, Sink& sink, Orders& orders, status::Filter filter,
       Tempo tempo);

  // Until a signal says stop. Throws when the cursor can't be saved at the end.
  void run();

 private:
  struct Retrying;

  void step();
  std::chrono::milliseconds patience() const;
  void take(const feed::Event& event);
  bool take(const feed::Event& event, const status::StatusUpdate& update);
  bool deliver(const feed::Event& event, const Delivery& delivery, const std::string& key);
  bool hold(Retrying& retrying, const std::string& reason);

  void settle_when_due();
  void settle();
  void write_batch();
  void learn_first_positions();
  void first_position(const std::string& stream, std::uint64_t seq);

  void obey();
  void tell(const std::string& retrying = "");

  EventSource& source_;
  Ledger& ledger_;
  Sink& sink_;
  Orders& orders_;
  status::Filter filter_;
  Tempo tempo_;

  Batch batch_;                    // done, not written down yet
  std::set<std::string> streams_;  // that have a cursor in the ledger or the batch
  feed::UnknownShapes unknown_;
  bool following_ = false;
  std::uint64_t delivered_ = 0;
  std::uint64_t rejected_ = 0;
  std::string status_;
};

}  // namespace monitor::delivery
