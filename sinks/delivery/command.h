// A command that is run once for each update. Its exit code is the answer: 0 delivered, 75
// (EX_TEMPFAIL) try again, another one or a signal rejected; too slow, or not to be started now, is
// try again. It can hang, not read, or write what it likes: none of that blocks us longer than the
// time limit. Used by status-sink-exec; one thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sinks/delivery/child.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

struct CommandLimits {
  std::chrono::milliseconds time = std::chrono::seconds(30);
  // After TERM the running command gets this long to finish; systemd gives us 90 s, an operator
  // less.
  std::chrono::milliseconds time_to_stop = std::chrono::seconds(3);
};

class Command {
 public:
  // Throws ConfigError when `words` name nothing that can be run. `orders` must outlive this.
  Command(std::vector<std::string> words, CommandLimits limits, Orders& orders);

  Outcome run(std::string_view input, const std::vector<std::string>& environment);

 private:
  enum class End { exited, too_slow, stopped };
  End attend(Child& child, std::string_view input);
  Outcome judge(int status);

  std::vector<std::string> words_;
  CommandLimits limits_;
  Orders& orders_;
};

// Our own environment and the update in STATUS_PROVIDER, STATUS_MESSAGE and the like, for commands
// that do not read JSON.
std::vector<std::string> environment_of(const status::StatusUpdate& update);

}  // namespace monitor::delivery
