#include "lib/system/error.h"

#include <cerrno>
#include <cstring>

#include "lib/system/log.h"

namespace monitor::system {

void fail_errno(std::string_view action) { fail(action, std::strerror(errno)); }

void fail(std::string_view action, std::string_view reason) {
  throw Failure("cannot " + std::string(action) + ": " + std::string(reason));
}

int report_fatal(const std::exception& error) {
  log(Level::fatal, error.what());
  const auto* failure = dynamic_cast<const Failure*>(&error);
  return failure != nullptr ? failure->exit_code() : kExitFailed;
}

}  // namespace monitor::system
