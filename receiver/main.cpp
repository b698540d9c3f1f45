// status-receiver: takes webhooks over HTTP, keeps each in its journal before it says 200, and
// publishes them on the feed. Trusts nobody who posts. Ends with 0 when told to, 1 when it can't go
// on, 64 or 78 when it was set up wrongly; whatever ends it, what was answered 200 is in the
// journal.
#include <exception>

#include "lib/http/client.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/signals.h"
#include "receiver/feed_access.h"
#include "receiver/options.h"
#include "receiver/policy.h"
#include "receiver/receiver.h"

int main(int argc, char** argv) {
  using namespace monitor;
  try {
    const auto options = receiver::parse_options(argc, argv);
    if (!options) {
      return system::kExitOk;
    }
    if (!options->keygen.empty()) {
      return receiver::make_key(options->keygen);
    }
    if (options->check) {
      http::ServerCertificate::read(options->tls);
      receiver::read_feed_access(*options);
      system::log_info("configuration is good: " + receiver::Policy(*options).summary());
      return system::kExitOk;
    }
    const system::Signals signals;  // before anything starts a thread
    http::Client client;
    receiver::Receiver receiver(*options, signals, client);
    receiver.run();
    return system::kExitOk;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
