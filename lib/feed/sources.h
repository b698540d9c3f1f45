// The options that say which receivers a subscriber follows, and with which keys.
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
  // they don't pair up, system::ConfigError for a wrong key.
  std::vector<Source> sources() const;

 private:
  std::vector<Source> paired() const;
  void give_keys(std::vector<Source>& sources) const;

  std::vector<std::string> feeds_;
  std::vector<std::string> replays_;
  std::vector<std::string> server_keys_;
  std::string key_;
};

}  // namespace monitor::feed
