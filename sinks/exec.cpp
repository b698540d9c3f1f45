// status-sink-exec: runs a command for each update, with its JSON on stdin and its main parts in
// the environment (STATUS_...). The command's exit code decides: 0 delivered, 75 try again, else a
// dead letter. The cursor moves after each delivery, so that a crash repeats at most the one that
// was under way. The update's key (STATUS_KEY) is the same each time.
#include <fmt/format.h>

#include "lib/system/error.h"
#include "sinks/delivery/command.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

// The line waits behind a command that hangs; nobody wants that for longer than a day.
constexpr std::chrono::seconds kShortestTime{1};
constexpr std::chrono::seconds kLongestTime = std::chrono::days(1);

class ExecSink : public Sink {
 public:
  ExecSink(const std::vector<std::string>& words, std::chrono::seconds time, Tools& tools)
      : tools_(tools),
        shown_(fmt::format("{}", fmt::join(words, " "))),
        command_(words, {.time = time}, tools.orders) {}

  Outcome deliver(const Delivery& delivery) override {
    if (tools_.dry_run) {
      tools_.show(fmt::format("{} <<< {}", shown_, delivery.json));
      return Outcome::delivered();
    }
    return command_.run(delivery.json + '\n', environment_of(delivery.update));
  }

 private:
  const Tools& tools_;
  std::string shown_;
  Command command_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words;
  std::chrono::seconds time{30};
  return run(argc, argv,
             {.name = "status-sink-exec",
              .summary = "Runs a command for each status update.",
              .options =
                  [&](system::Options& options) {
                    options.duration("--timeout", time,
                                     "Kill a command that takes longer, and try it again");
                    options.rest(words, "COMMAND", "What to run, after \"--\": COMMAND ARGS");
                  },
              .make =
                  [&](Tools& tools) {
                    if (words.empty() || time < kShortestTime || time > kLongestTime) {
                      throw system::UsageError(words.empty()
                                                   ? "cannot run a command: give it after \"--\""
                                                   : "cannot use --timeout: give 1s to 1d");
                    }
                    return std::make_unique<ExecSink>(words, time, tools);
                  }});
}
