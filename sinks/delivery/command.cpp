#include "sinks/delivery/command.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "lib/status/text.h"
#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::delivery {
namespace {

using Clock = std::chrono::steady_clock;

// One string of an environment has at most 128 KiB, execve(2); more than this no shell script
// wants.
constexpr std::size_t kMaxVariable = 4000;
// systemd sends TERM to us and to the command; its death may be seen before our own signal.
constexpr std::chrono::milliseconds kSignalPatience{100};
// While a command runs, systemd's watchdog is told so often that we are well.
constexpr std::chrono::milliseconds kSignOfLife{1000};

// 0, or why it can't be run.
int check_executable(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) {
    return errno;
  }
  return S_ISREG(st.st_mode) && ::access(path.c_str(), X_OK) == 0 ? 0 : EACCES;
}

int find_executable(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return check_executable(name);
  }
  const char* const variable = std::getenv("PATH");
  std::string_view path = variable != nullptr ? variable : "/bin:/usr/bin";
  int error = ENOENT;
  while (!path.empty() && error != 0) {
    const std::string directory(path.substr(0, path.find(':')));
    path.remove_prefix(std::min(path.size(), directory.size() + 1));
    const int found = check_executable((directory.empty() ? "." : directory) + '/' + name);
    error = found == ENOENT || found == ENOTDIR ? error : found;
  }
  return error;
}

std::string joined_names(const std::vector<status::Component>& components) {
  std::string names;
  for (const status::Component& component : components) {
    names += (names.empty() ? "" : ", ") + component.name;
  }
  return names;
}

}  // namespace

Command::Command(std::vector<std::string> words, CommandLimits limits, Orders& orders)
    : words_(std::move(words)), limits_(limits), orders_(orders) {
  if (const int error = find_executable(words_.front()); error != 0) {
    throw system::ConfigError(
        fmt::format("cannot run {}: {}", words_.front(), std::strerror(error)));
  }
}

Outcome Command::run(std::string_view input, const std::vector<std::string>& environment) {
  std::string reason;
  std::optional<Child> child = Child::spawn(words_, environment, reason);
  if (!child) {
    return Outcome::retry(reason);
  }
  switch (attend(*child, input)) {
    case End::exited:
      return judge(child->reap());
    case End::too_slow:
      return Outcome::retry(
          fmt::format("{} was killed after {} ms", words_.front(), limits_.time.count()));
    case End::stopped:
      break;
  }
  return Outcome::retry(fmt::format("{} was killed because the sink stops", words_.front()));
}

Command::End Command::attend(Child& child, std::string_view input) {
  Clock::time_point deadline = Clock::now() + limits_.time;
  bool stopping = false;
  for (;;) {
    if (orders_.stop() && !std::exchange(stopping, true)) {
      deadline = std::min(deadline, Clock::now() + limits_.time_to_stop);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (orders_.at_once() || left.count() <= 0) {
      return stopping ? End::stopped : End::too_slow;
    }
    std::array<pollfd, 3> fds{
        {{child.exit_fd(), POLLIN, 0}, {orders_.fd(), POLLIN, 0}, {child.input_fd(), POLLOUT, 0}}};
    system::notify_alive();
    ::poll(fds.data(), fds.size(), static_cast<int>(std::min(left, kSignOfLife).count()));
    if (fds[0].revents != 0) {
      return End::exited;
    }
    if (fds[1].revents != 0) {
      orders_.take();
    }
    if (fds[2].revents != 0) {
      child.write_some(input);
    }
  }
}

Outcome Command::judge(int status) {
  if (WIFEXITED(status)) {
    const int code = WEXITSTATUS(status);
    const std::string reason = fmt::format("{} exited with {}", words_.front(), code);
    return code == 0             ? Outcome::delivered()
           : code == EX_TEMPFAIL ? Outcome::retry(reason)
                                 : Outcome::rejected(reason);
  }
  const std::string reason =
      fmt::format("{} was ended by signal {}", words_.front(), ::strsignal(WTERMSIG(status)));
  orders_.wait(kSignalPatience);
  return orders_.stop() ? Outcome::retry(reason) : Outcome::rejected(reason);
}

std::vector<std::string> environment_of(const status::StatusUpdate& update) {
  const std::array<std::pair<std::string_view, std::string>, 12> ours{{
      {"STATUS_PROVIDER", update.provider},
      {"STATUS_PROVIDER_NAME", update.provider_name},
      {"STATUS_KIND", std::string(status::word(update.kind))},
      {"STATUS_INCIDENT_ID", update.incident_id},
      {"STATUS_NAME", update.name},
      {"STATUS_IMPACT", std::string(status::word(update.impact))},
      {"STATUS_STATUS", std::string(status::word(update.state))},
      {"STATUS_COMPONENTS", joined_names(update.components)},
      {"STATUS_MESSAGE", update.message},
      {"STATUS_URL", update.url},
      {"STATUS_HAPPENED_AT", system::to_rfc3339(update.happened_at)},
      {"STATUS_KEY", update.key()},
  }};
  std::vector<std::string> environment;
  for (const auto& [name, value] : ours) {
    environment.push_back(fmt::format("{}={}", name, status::cut(value, kMaxVariable)));
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view name =
        std::string_view(*variable).substr(0, std::string_view(*variable).find('='));
    const auto same = [name](const auto& pair) { return pair.first == name; };
    if (std::none_of(ours.begin(), ours.end(), same)) {
      environment.emplace_back(*variable);
    }
  }
  return environment;
}

}  // namespace monitor::delivery
