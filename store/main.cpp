// status-store: follows the feed, keeps every incident with its updates in SQLite, and serves them
// over HTTP. One loop on this thread, one thread of the HTTP server. Trusts the receiver for the
// header of an event and nobody for its body. Killed at any moment it loses nothing: the cursors
// are in the same transaction as what they stand for.
#include <fmt/format.h>

#include <exception>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"
#include "lib/system/signals.h"
#include "store/rebuild.h"
#include "store/settings.h"
#include "store/store.h"

using namespace monitor;

int main(int argc, char** argv) {
  try {
    const auto settings = store::read_settings(argc, argv);
    if (!settings) {
      return system::kExitOk;
    }
    const system::Signals signals;
    if (settings->rebuild) {
      return store::rebuild(*settings, signals);
    }
    store::Store store(*settings, signals);
    system::log_info(fmt::format("listening on {}", store.url()));
    system::notify_ready("waiting for the feed");
    return store.run();
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
