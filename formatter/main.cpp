// status-formatter: prints each status update on stdout, two lines for people or one line of JSON,
// from the feed or (--stdin) from raw webhook bodies. A filter in a pipe: it leaves quietly when
// its reader does. Trusts nothing that senders wrote. With --from resume a crash repeats at most
// the events since the last commit and loses none.
#include <unistd.h>

#include "formatter/follow.h"
#include "formatter/output.h"
#include "formatter/raw_bodies.h"
#include "formatter/settings.h"
#include "formatter/stop.h"
#include "lib/system/error.h"
#include "lib/system/signals.h"

using namespace monitor;

int main(int argc, char** argv) {
  try {
    formatter::Settings settings;
    if (!formatter::parse(argc, argv, settings)) {
      return system::kExitOk;
    }
    formatter::require_open(STDOUT_FILENO);
    const system::Signals signals;
    formatter::Stop stop(signals);
    formatter::DescriptorOutput output(STDOUT_FILENO, stop);
    return settings.read_stdin ? formatter::print_stdin(settings, output, stop)
                               : formatter::follow(settings, output, stop);
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
