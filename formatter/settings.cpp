#include "formatter/settings.h"

#include <fmt/format.h>

#include <limits>

#include "lib/system/error.h"
#include "lib/system/options.h"
#include "lib/system/service.h"

namespace monitor::formatter {

bool parse(int argc, char** argv, Settings& settings) {
  settings.state = system::default_state_directory("status-formatter");
  std::vector<std::string> feeds;
  std::vector<std::string> replays;
  system::Options options("status-formatter", "Prints status updates, two lines each, on stdout.");
  options.choice("--format", settings.format, {"text", "json"},
                 "Two lines, or one line of JSON for each update");
  options.choice("--from", settings.from, {"live", "start", "resume"},
                 "Begin with what comes from now on, with all that is kept, or where it stopped");
  status::add_filter_options(options, settings.filter);
  options.number("--max-message", settings.max_message, 0, std::numeric_limits<int>::max(),
                 "Cut messages in the text format to so many characters; 0: never");
  options.toggle("--stdin", settings.read_stdin,
                 "Read webhook bodies from stdin, one JSON a line, instead of the feed");
  options.text("--providers", settings.providers, "FILE",
               "With --stdin: your own providers, on top of the catalogue");
  options.text("--state", settings.state, "DIR", "With --from resume: where to keep the place");
  options.texts("--feed", feeds, "ENDPOINT",
                fmt::format("Where a receiver publishes [{}]", system::default_feed_endpoint()));
  options.texts("--replay", replays, "ENDPOINT",
                fmt::format("Where it replays, in the same order as --feed [{}]",
                            system::default_replay_endpoint()));
  if (!options.parse(argc, argv)) {
    return false;
  }
  settings.sources = pair_sources(feeds, replays);
  return true;
}

std::vector<feed::Source> pair_sources(const std::vector<std::string>& feeds,
                                       const std::vector<std::string>& replays) {
  if (feeds.size() != replays.size()) {
    throw system::UsageError(fmt::format(
        "cannot pair {} --feed with {} --replay: give one --replay for each --feed, in its order",
        feeds.size(), replays.size()));
  }
  if (feeds.empty()) {
    return {{system::default_feed_endpoint(), system::default_replay_endpoint()}};
  }
  std::vector<feed::Source> sources;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    sources.push_back({feeds[i], replays[i]});
  }
  return sources;
}

}  // namespace monitor::formatter
