#include "formatter/settings.h"

#include <limits>

#include "lib/feed/sources.h"
#include "lib/system/options.h"
#include "lib/system/service.h"

namespace monitor::formatter {

bool parse(int argc, char** argv, Settings& settings) {
  settings.state = system::default_state_directory("status-formatter");
  feed::SourceOptions feeds;
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
  feeds.add_to(options);
  if (!options.parse(argc, argv)) {
    return false;
  }
  settings.sources = feeds.sources();
  return true;
}

}  // namespace monitor::formatter
