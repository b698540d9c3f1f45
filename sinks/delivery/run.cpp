#include "sinks/delivery/run.h"

#include "lib/feed/sources.h"
#include "lib/system/error.h"
#include "lib/system/service.h"
#include "sinks/delivery/event_source.h"
#include "sinks/delivery/ledger.h"
#include "sinks/delivery/loop.h"

namespace monitor::delivery {

Settings::Settings(const std::string& program) : state(system::default_state_directory(program)) {}

bool parse(int argc, char** argv, system::Options& options, Settings& settings) {
  feed::SourceOptions feeds;
  options.text("--state", settings.state, "DIR",
               "Where the cursor and the dead letters are kept (sink.db)");
  options.choice("--from", settings.from, {"live", "start"},
                 "Where to begin while there is no cursor: with what comes from now on, or with "
                 "all that is kept");
  status::add_filter_options(options, settings.filter);
  feeds.add_to(options);
  if (!options.parse(argc, argv)) {
    return false;
  }
  settings.sources = feeds.sources();
  return true;
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
