// The --feed and --replay options that every subscriber has.
#pragma once

#include <string>
#include <vector>

#include "lib/feed/subscriber.h"
#include "lib/system/options.h"

namespace monitor::feed {

class SourceOptions {
 public:
  // Both may be given several times, one pair for each receiver. Must outlive options.parse().
  void add_to(system::Options& options);
  // In the order given; without any, the receiver of this machine. Throws system::UsageError when
  // they don't pair up.
  std::vector<Source> sources() const;

 private:
  std::vector<std::string> feeds_;
  std::vector<std::string> replays_;
};

}  // namespace monitor::feed
