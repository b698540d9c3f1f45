// What every sink's main() does: the shared options beside its own, the orders that end at once
// (--check, --dead-letters, --redeliver, --status, --send-test), and the run from state directory
// and ledger to the loop. A sink tells its options and how it is made of them; sinks/ntfy.cpp is a
// small whole one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/system/options.h"
#include "sinks/delivery/http_post.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"
#include "sinks/delivery/template.h"

namespace monitor::delivery {

// What a sink may use; lives longer than it.
struct Tools {
  Orders& orders;
  Http& http;                                    // of Program; in a dry run it only shows
  const Template& message;                       // --template, or the program's own text
  bool dry_run = false;                          // whatever does not go by `http` must ask, and
  std::function<void(const std::string&)> show;  // show what it would do
};

struct Program {
  std::string name;     // "status-sink-ntfy"
  std::string summary;  // for --help
  // Adds the sink's own options.
  std::function<void(system::Options& options)> options;
  // Throws UsageError or ConfigError for what can't work.
  std::function<std::unique_ptr<Sink>(Tools& tools)> make;
  // What it says when --template doesn't; empty: it has no such option.
  std::string message = {};
  // over_http, when it sends by HTTP: then there are --timeout and --allow-private.
  std::unique_ptr<Http> (*http)(const HttpSettings& settings, Orders& orders) = nullptr;
};

// The exit code; catches everything.
int run(int argc, char** argv, const Program& program);

}  // namespace monitor::delivery
