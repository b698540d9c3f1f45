// What the main() of every sink does besides its own options: the shared options, and the run from
// state directory and ledger to the loop. See sinks/file.cpp for a whole sink.
#pragma once

#include <string>
#include <vector>

#include "lib/feed/subscriber.h"
#include "lib/status/filter.h"
#include "lib/system/options.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

struct Settings {
  explicit Settings(const std::string& program);

  std::string state;
  std::string from = "live";  // while there is no cursor yet
  std::vector<feed::Source> sources;
  status::FilterWords filter;
};

// Adds the shared options to the sink's own and reads them all. False: --help or --version was
// asked for and has been printed.
bool parse(int argc, char** argv, system::Options& options, Settings& settings);

// Delivers until a signal says stop; returns the exit code. `sink` and `orders` are the caller's,
// because a sink may need the orders while it delivers.
int run(const Settings& settings, Sink& sink, Orders& orders);

}  // namespace monitor::delivery
