// What this sink tells, what it holds back for now, and what it leaves out. One thread.
#pragma once

#include <chrono>

#include "lib/status/filter.h"
#include "lib/status/update.h"
#include "sinks/delivery/mutes.h"
#include "sinks/delivery/quiet_hours.h"
#include "sinks/delivery/shard.h"

namespace monitor::delivery {

class Selection {
 public:
  Selection(status::Filter filter, QuietHours quiet, Mutes mutes, Shard shard = {})
      : filter_(std::move(filter)),
        quiet_(std::move(quiet)),
        mutes_(std::move(mutes)),
        shard_(shard) {}

  // All but --min-impact, which is_grave() asks.
  bool wants(const status::StatusUpdate& update) const {
    return shard_.holds(update) && filter_.wants(update);
  }
  bool is_grave(const status::StatusUpdate& update) const { return filter_.is_grave(update); }
  bool mutes(const status::StatusUpdate& update, system::Time now) const {
    return mutes_.silence(update, now);
  }
  // Only what is critical is told in quiet hours.
  bool must_wait(const status::StatusUpdate& update, system::Time now) const {
    return is_quiet(now) && status::weight_of(update) != status::Impact::critical;
  }
  bool is_quiet(system::Time now) const { return quiet_.contain(now); }

  void reload() { mutes_.reload(); }

 private:
  status::Filter filter_;
  QuietHours quiet_;
  Mutes mutes_;
  Shard shard_;
};

}  // namespace monitor::delivery
