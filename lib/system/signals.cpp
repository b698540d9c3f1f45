#include "lib/system/signals.h"

#include <signal.h>
#include <sys/signalfd.h>

#include "lib/system/error.h"

namespace monitor::system {

Signals::Signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0 || ::signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
    fail_errno("block signals");
  }
  fd_ = Fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!fd_) {
    fail_errno("make a signalfd");
  }
}

std::optional<Signal> Signals::take() const {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return std::nullopt;
  }
  return info.ssi_signo == SIGHUP ? Signal::reload : Signal::terminate;
}

}  // namespace monitor::system
