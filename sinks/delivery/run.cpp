#include "sinks/delivery/run.h"

#include <fmt/format.h>

#include "lib/system/error.h"
#include "lib/system/service.h"
#include "sinks/delivery/event_source.h"
#include "sinks/delivery/ledger.h"
#include "sinks/delivery/loop.h"

namespace monitor::delivery {

Settings::Settings(const std::string& program) : state(system::default_state_directory(program)) {}

bool parse(int argc, char** argv, system::Options& options, Settings& settings) {
  std::vector<std::string> feeds;
  std::vector<std::string> replays;
  options.text("--state", settings.state, "DIR",
               "Where the cursor and the dead letters are kept (sink.db)");
  options.choice("--from", settings.from, {"live", "start"},
                 "Where to begin while there is no cursor: with what comes from now on, or with "
                 "all that is kept");
  status::add_filter_options(options, settings.filter);
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

int run(const Settings& settings, Sink& sink, Orders& orders) {
  const system::Fd claim = system::claim_directory(settings.state);
  Ledger ledger(
      storage::Database::open(settings.state + "/sink.db", storage::Database::Mode::read_write));
  FeedSource source({.sources = settings.sources,
                     .cursors = ledger.cursors(),
                     .begin = settings.from == "start" ? feed::Begin::start : feed::Begin::live});
  Loop(source, ledger, sink, orders, status::Filter(settings.filter), real_tempo(orders)).run();
  return system::kExitOk;
}

}  // namespace monitor::delivery
