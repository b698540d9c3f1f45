#include "lib/feed/sources.h"

#include <fmt/format.h>

#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::feed {

void SourceOptions::add_to(system::Options& options) {
  options.texts("--feed", feeds_, "ENDPOINT",
                fmt::format("Where a receiver publishes [{}]", system::default_feed_endpoint()));
  options.texts("--replay", replays_, "ENDPOINT",
                fmt::format("Where it replays, in the same order as --feed [{}]",
                            system::default_replay_endpoint()));
}

std::vector<Source> SourceOptions::sources() const {
  if (feeds_.size() != replays_.size()) {
    throw system::UsageError(fmt::format(
        "cannot pair {} --feed with {} --replay: give one --replay for each --feed, in its order",
        feeds_.size(), replays_.size()));
  }
  if (feeds_.empty()) {
    return {{system::default_feed_endpoint(), system::default_replay_endpoint()}};
  }
  std::vector<Source> sources;
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    sources.push_back({feeds_[i], replays_[i]});
  }
  return sources;
}

}  // namespace monitor::feed
