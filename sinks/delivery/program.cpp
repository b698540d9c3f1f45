#include "sinks/delivery/program.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <stdexcept>

#include "lib/feed/sources.h"
#include "lib/system/config_file.h"
#include "lib/system/directory_watch.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"
#include "lib/system/signals.h"
#include "sinks/delivery/commands.h"
#include "sinks/delivery/event_source.h"
#include "sinks/delivery/loop.h"

namespace monitor::delivery {
namespace {

struct Settings {
  std::string state;
  std::string from = "live";
  std::vector<feed::Source> sources;
  status::FilterWords filter;
  std::vector<std::string> quiet_hours;
  std::string mute_file;
  std::string shard;
  std::string template_file;
  std::string metrics_file;
  std::string rate;
  std::chrono::seconds give_up_after = std::chrono::hours(24);
  std::chrono::seconds late = std::chrono::minutes(15);
  std::chrono::seconds timeout{30};
  bool every_update = false;
  bool allow_private = false;
  bool check = false;
  bool dry_run = false;
  bool send_test = false;
  bool dead_letters = false;
  bool status = false;
  std::string redeliver;
};

void add_selection(system::Options& options, Settings& settings) {
  status::add_filter_options(options, settings.filter);
  options.texts("--quiet-hours", settings.quiet_hours, "\"HH:MM-HH:MM ZONE\"",
                "Hold back what is not critical: \"22:00-07:00 Europe/Berlin\"");
  options.text("--mute", settings.mute_file, "FILE",
               "Leave out what this file says (TOML), until the time it says; read again on HUP");
  options.text("--shard", settings.shard, "N/OF",
               "Only this share of the incidents, so that several sinks share the work: 1/3");
}

void add_pace(system::Options& options, Settings& settings) {
  options.choice("--from", settings.from, {"live", "start"},
                 "Where to begin while there is no cursor: with what comes from now on, or with "
                 "all that is kept");
  options.duration("--late", settings.late,
                   "What arrived longer ago is told in short: the latest of each incident");
  options.toggle("--every-update", settings.every_update, "Tell each update, however late");
  options.text("--rate", settings.rate, "N/UNIT", "At most so many deliveries: 1/s, 30/m, 200/h");
  options.duration("--give-up-after", settings.give_up_after,
                   "A destination that is away so long gets its updates no more: dead letters");
}

void add_orders(system::Options& options, Settings& settings) {
  options.toggle("--check", settings.check, "Say whether the configuration is right, and leave");
  options.toggle("--dry-run", settings.dry_run,
                 "Print what would be sent, send nothing, keep nothing");
  options.toggle("--send-test", settings.send_test, "Deliver one made-up update, and leave");
  options.toggle("--dead-letters", settings.dead_letters, "List what was refused, and leave");
  options.text("--redeliver", settings.redeliver, "ID|all", "Deliver dead letters again");
  options.toggle("--show-status", settings.status,
                 "Show cursor, lag and the last error, and leave; --status alone is the same");
}

// --status WORD chooses updates; alone it asks how the sink fares, as people will type it.
std::vector<char*> with_plain_status(int argc, char** argv) {
  static char show_status[] = "--show-status";
  std::vector<char*> words(argv, argv + argc);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool alone = i + 1 == words.size() || words[i + 1][0] == '-';
    if (std::string_view(words[i]) == "--") {
      break;
    }
    if (std::string_view(words[i]) == "--status" && alone) {
      words[i] = show_status;
    }
  }
  return words;
}

bool parse(int argc, char** argv, const Program& program, Settings& settings) {
  system::Options options(program.name, program.summary);
  feed::SourceOptions feeds;
  program.options(options);
  if (!program.message.empty()) {
    options.text("--template", settings.template_file, "FILE",
                 "What to say, with places such as {provider_name} and {message}");
  }
  if (program.http != nullptr) {
    options.duration("--timeout", settings.timeout, "Of one request");
    options.toggle("--allow-private", settings.allow_private,
                   "Also to a host whose name leads into a private network");
  }
  add_selection(options, settings);
  add_pace(options, settings);
  add_orders(options, settings);
  options.text("--state", settings.state, "DIR",
               "Where the cursor and the dead letters are kept (sink.db)");
  options.text("--metrics-file", settings.metrics_file, "FILE",
               "Write figures for Prometheus' textfile collector there");
  feeds.add_to(options);
  std::vector<char*> words = with_plain_status(argc, argv);
  if (!options.parse(argc, words.data())) {
    return false;
  }
  settings.sources = feeds.sources();
  return true;
}

Template message_of(const Program& program, const Settings& settings) {
  if (settings.template_file.empty()) {
    return {program.message, "the default message"};
  }
  std::string text = system::read_config_file(settings.template_file, "template");
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return {text, "template " + settings.template_file};
}

Rate rate_of(const Settings& settings) {
  try {
    return settings.rate.empty() ? Rate() : parse_rate(settings.rate);
  } catch (const std::invalid_argument& error) {
    throw system::ConfigError(fmt::format("cannot use --rate {}: {}", settings.rate, error.what()));
  }
}

LoopSettings loop_settings(const Settings& settings) {
  return {.patience = {.rate = rate_of(settings), .give_up_after = settings.give_up_after},
          .late = settings.every_update ? std::nullopt : std::optional(settings.late),
          .from_start = settings.from == "start"};
}

void show(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

status::StatusUpdate made_up_update() {
  status::StatusUpdate update;
  update.provider = "status-monitor";
  update.provider_name = "Status Monitor";
  update.incident_id = "test-" + system::to_rfc3339_seconds(system::now());
  update.name = "Test of this sink";
  update.impact = status::Impact::minor;
  update.state = status::State::resolved;
  update.message = "This is a test. Nothing is broken.";
  update.happened_at = update.received_at = system::now();
  update.created_at = update.resolved_at = update.happened_at;
  update.test = true;
  return update;
}

int send_test(Sink& sink) {
  const status::StatusUpdate update = made_up_update();
  const Outcome outcome = sink.deliver({update, status::to_json(update), update.key()});
  if (outcome.kind != Outcome::Kind::delivered) {
    system::fail("deliver a test", outcome.reason);
  }
  sink.settle();
  system::log_info("a test was delivered");
  return system::kExitOk;
}

// Of a sink that does not send by HTTP, and so loads nothing for it.
class NoHttp : public Http {
 public:
  http::Fetched send(const http::Outgoing&) override {
    throw std::logic_error("a sink that sends by HTTP says so (.http = over_http)");
  }
};

std::unique_ptr<Http> make_http(const Program& program, const Settings& settings, Orders& orders) {
  if (program.http == nullptr) {
    return std::make_unique<NoHttp>();
  }
  HttpSettings http{.time = settings.timeout, .allow_private = settings.allow_private};
  if (settings.dry_run) {
    http.show = show;
  }
  return program.http(http, orders);
}

// What a sink is made of and with, in the order of their making.
class Workshop {
 public:
  Workshop(const Program& program, const Settings& settings)
      : program_(program),
        settings_(settings),
        orders_(signals_),
        http_(make_http(program, settings, orders_)),
        message_(message_of(program, settings)),
        selection_(status::Filter(settings.filter), QuietHours(settings.quiet_hours),
                   Mutes(settings.mute_file),
                   settings.shard.empty() ? Shard() : Shard(settings.shard)),
        loop_settings_(loop_settings(settings)),
        tools_{.orders = orders_,
               .http = *http_,
               .message = message_,
               .dry_run = settings.dry_run,
               .show = show},
        sink_(program.make(tools_)) {}

  int send_test() { return delivery::send_test(*sink_); }

  int dry_run() {
    Ledger ledger(storage::Database::open(":memory:", storage::Database::Mode::read_write));
    Report report(program_.name, "");
    FeedSource source(source_settings(ledger));
    loop(source, ledger, report, {}).run();
    return system::kExitOk;
  }

  int run(bool redelivery_only) {
    const std::string path = settings_.state + "/sink.db";
    try {
      return run(path, redelivery_only);
    } catch (const storage::Error& error) {
      storage::give_up(path, error, "a new one is begun, and this sink begins where --from says");
    }
  }

 private:
  int run(const std::string& path, bool redelivery_only) {
    const system::Fd claim = system::claim_directory(settings_.state);
    Ledger ledger(storage::Database::open(path, storage::Database::Mode::read_write));
    Report report(program_.name, settings_.metrics_file);
    const system::DirectoryWatch watch(settings_.state);
    FeedSource source(source_settings(ledger));
    Loop loop = this->loop(source, ledger, report, &watch);
    redelivery_only ? loop.run_redelivery() : loop.run();
    return system::kExitOk;
  }

  feed::SubscriberSettings source_settings(Ledger& ledger) const {
    const bool start = settings_.from == "start";
    return {.sources = settings_.sources,
            .cursors = ledger.cursors(),
            .begin = start ? feed::Begin::start : feed::Begin::live};
  }
  Loop loop(EventSource& source, Ledger& ledger, Report& report,
            const system::DirectoryWatch* watch) {
    return Loop({.source = source,
                 .ledger = ledger,
                 .sink = *sink_,
                 .orders = orders_,
                 .report = report,
                 .redeliver = watch != nullptr ? watch->fd() : -1,
                 .acknowledge = [watch] { watch->take(); }},
                selection_, loop_settings_, real_tempo(orders_));
  }

  const Program& program_;
  const Settings& settings_;
  const system::Signals signals_;
  Orders orders_;
  std::unique_ptr<Http> http_;
  Template message_;
  Selection selection_;
  LoopSettings loop_settings_;
  Tools tools_;
  std::unique_ptr<Sink> sink_;
};

int work(const Program& program, const Settings& settings) {
  if (settings.dead_letters) {
    return list_dead_letters(settings.state);
  }
  if (settings.status) {
    return show_status(program.name, settings.state, settings.sources);
  }
  if (!settings.redeliver.empty() && mark_for_redelivery(settings.state, settings.redeliver)) {
    return system::kExitOk;
  }
  Workshop workshop(program, settings);
  if (settings.check) {
    show("the configuration is right");
    return system::kExitOk;
  }
  return settings.send_test ? workshop.send_test()
         : settings.dry_run ? workshop.dry_run()
                            : workshop.run(!settings.redeliver.empty());
}

}  // namespace

int run(int argc, char** argv, const Program& program) {
  try {
    Settings settings;
    settings.state = system::default_state_directory(program.name);
    return parse(argc, argv, program, settings) ? work(program, settings) : system::kExitOk;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}

}  // namespace monitor::delivery
