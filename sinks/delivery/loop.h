// The loop that every sink shares: takes events from the feed in order, delivers the updates in
// them, holds the line while the destination is away, buries what it refuses, and moves the cursor
// once what was delivered is settled.
//
//   event -> updates -> wanted? not seen before? not muted? --late, or in quiet hours--> waiting
//                                   |                                                       |
//                                   v                                (caught up, hours over) v
//                           courier: deliver, back off, give up <-- announcement, latest of each
//                             |delivered       |rejected                                  incident
//                             v                v
//                           batch <------- dead letter          batch --settle--> ledger
//
// At least once: after a crash what was delivered since the last commit (at most Sink::group()) is
// delivered again, with the same key. Driven by run(), until TERM; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "lib/feed/message.h"
#include "lib/feed/reading.h"
#include "sinks/delivery/courier.h"
#include "sinks/delivery/event_source.h"
#include "sinks/delivery/ledger.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/report.h"
#include "sinks/delivery/selection.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

// Events without anything to deliver share a commit too.
inline constexpr std::size_t kEventsPerCommit = 100;

Tempo real_tempo(Orders& orders);

struct LoopSettings {
  Patience patience = {};
  // What arrived longer ago than this when its turn comes is told in short; nothing: each update is
  // told, however late, and after quiet hours too.
  std::optional<std::chrono::seconds> late = std::chrono::minutes(15);
  // While there is no cursor all that is kept is wanted, so nothing of it is late.
  bool from_start = false;
};

class Loop {
 public:
  // All references must outlive the loop. `redeliver` (may be -1) is readable when somebody marked
  // dead letters to be delivered again, until `acknowledge` was called.
  struct Parts {
    EventSource& source;
    Ledger& ledger;
    Sink& sink;
    Orders& orders;
    Report& report;
    int redeliver = -1;
    std::function<void()> acknowledge = [] {};
  };
  Loop(Parts parts, Selection selection, LoopSettings settings, Tempo tempo);

  // Until a signal says stop. Throws when the cursor can't be saved at the end.
  void run();
  // Only the dead letters that are due, then the end.
  void run_redelivery();

 private:
  Courier::Boss boss();
  void step();
  void rest();
  void end();
  std::chrono::milliseconds patience() const;
  void take(const feed::Event& event);
  bool take(const feed::Event& event, const status::StatusUpdate& update);
  bool wants(const status::StatusUpdate& update);
  bool is_late(const feed::Event& event) const;
  void put_off(const status::StatusUpdate& update, const std::string& key);
  bool catch_up();
  bool announce();
  bool tell_waiting(const Waiting& waiting);
  bool redeliver();
  bool deliver(const status::StatusUpdate& update, std::string json);
  std::optional<std::string> remembered(const std::string& incident);
  void bury(const Delivery& delivery, const std::string& reason);

  void settle_when_due();
  void settle();
  void write_batch();
  void learn_first_positions();
  void first_position(const std::string& stream, std::uint64_t seq);

  bool go_on();
  void obey();
  void note_failure(const std::string& reason);
  void tell(const Holdup& holdup = {});

  Parts parts_;
  Selection selection_;
  LoopSettings settings_;
  Tempo tempo_;
  Courier courier_;
  Courier clerk_;  // brings batches to the ledger

  Batch batch_;                    // done, not written down yet
  std::set<std::string> streams_;  // that have a cursor in the ledger or the batch
  feed::UnknownShapes unknown_;
  bool following_ = false;
  bool takes_history_ = false;
  bool waiting_ = false;  // something does
  Totals totals_;
};

}  // namespace monitor::delivery
