#include "sinks/delivery/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace monitor::delivery {
namespace {

// posix_spawn(3)'s two descriptions of a child.
class Setup {
 public:
  explicit Setup(int input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGTERM, SIGINT, SIGHUP}) {
      sigaddset(&defaults, signal);
    }
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Setup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // execve(2) does not write to them
  }
  pointers.push_back(nullptr);
  return pointers;
}

void end_process(pid_t pid) {
  ::kill(-pid, SIGKILL);
  ::kill(pid, SIGKILL);  // it may have left its group
}

}  // namespace

std::optional<Child> Child::spawn(const std::vector<std::string>& words,
                                  const std::vector<std::string>& environment,
                                  std::string& reason) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    reason = fmt::format("cannot make a pipe: {}", std::strerror(errno));
    return std::nullopt;
  }
  const system::Fd read_end{ends[0]};
  system::Fd write_end{ends[1]};
  ::fcntl(write_end.get(), F_SETFL, O_NONBLOCK);

  const Setup setup(read_end.get());
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, words.front().c_str(), setup.actions(), setup.attributes(),
                                   pointers_to(words).data(), pointers_to(environment).data());
  if (error != 0) {
    reason = fmt::format("cannot start {}: {}", words.front(), std::strerror(error));
    return std::nullopt;
  }
  // Not pidfd_open(): glibc 2.36 declares it without extern "C".
  system::Fd exited{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  Child child(pid, std::move(exited), std::move(write_end));
  if (child.exit_fd() < 0) {
    reason = fmt::format("cannot watch {}: {}", words.front(), std::strerror(errno));
    return std::nullopt;
  }
  return child;
}

Child::Child(pid_t pid, system::Fd exited, system::Fd input)
    : pid_(pid), exited_(std::move(exited)), input_(std::move(input)) {}
Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exited_(std::move(other.exited_)),
      input_(std::move(other.input_)) {}

Child::~Child() {
  if (pid_ >= 0) {
    end_process(pid_);
    reap();
  }
}

void Child::write_some(std::string_view& rest) {
  while (!rest.empty()) {
    const ssize_t taken = ::write(input_.get(), rest.data(), rest.size());
    if (taken < 0 && errno == EAGAIN) {
      return;
    }
    if (taken < 0 && errno != EINTR) {
      break;  // EPIPE: whether it read enough is told by its exit code
    }
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(taken, 0)));
  }
  input_.reset();
}

int Child::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

}  // namespace monitor::delivery
