// The share of the incidents that one of several sinks of a kind tells: --shard 2/3 is the second
// of three. An incident is always in the same shard, so that its updates stay in order and one
// message can be edited. A value.
#pragma once

#include <string>

#include "lib/status/update.h"

namespace monitor::delivery {

class Shard {
 public:
  Shard() = default;  // all of them
  // "2/3". Throws ConfigError saying what would be right.
  explicit Shard(const std::string& text);

  bool holds(const status::StatusUpdate& update) const;

 private:
  unsigned index_ = 0;  // from 0
  unsigned count_ = 1;
};

}  // namespace monitor::delivery
