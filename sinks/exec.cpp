// status-sink-exec: runs a command for each update, with its JSON on stdin and its main parts in
// the environment (STATUS_...). The command's exit code decides: 0 delivered, 75 try again, else a
// dead letter. The cursor moves after each delivery, so that a crash repeats at most the one that
// was under way. The update's key (STATUS_KEY) is the same each time.
#include "lib/system/error.h"
#include "lib/system/options.h"
#include "lib/system/signals.h"
#include "sinks/delivery/command.h"
#include "sinks/delivery/run.h"

using namespace monitor;

namespace {

// The line waits behind a command that hangs; nobody wants that for longer than a day.
constexpr std::chrono::seconds kShortestTime{1};
constexpr std::chrono::seconds kLongestTime = std::chrono::days(1);

class ExecSink : public delivery::Sink {
 public:
  ExecSink(std::vector<std::string> words, std::chrono::seconds time, delivery::Orders& orders)
      : command_(std::move(words), {.time = time}, orders) {}

  delivery::Outcome deliver(const delivery::Delivery& delivery) override {
    return command_.run(delivery.json + '\n', delivery::environment_of(delivery.update));
  }

 private:
  delivery::Command command_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    system::Options options("status-sink-exec", "Runs a command for each status update.");
    delivery::Settings settings("status-sink-exec");
    std::vector<std::string> words;
    std::chrono::seconds time{30};
    options.duration("--timeout", time, "Kill a command that takes longer, and try it again");
    options.rest(words, "COMMAND", "What to run, after \"--\": COMMAND ARGS");
    if (!delivery::parse(argc, argv, options, settings)) {
      return system::kExitOk;
    }
    if (words.empty() || time < kShortestTime || time > kLongestTime) {
      throw system::UsageError(words.empty() ? "cannot run a command: give it after \"--\""
                                             : "cannot use --timeout: give 1s to 1d");
    }
    const system::Signals signals;
    delivery::Orders orders(signals);
    ExecSink sink(words, time, orders);
    return delivery::run(settings, sink, orders);
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
