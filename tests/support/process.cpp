#include "tests/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace monitor::tests {
namespace {

using system::Fd;

std::pair<Fd, Fd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
  return {Fd(ends[0]), Fd(ends[1])};
}

std::string find_program(const std::string& name) {
  const std::string ours = programs_directory() + '/' + name;
  return name.find('/') == std::string::npos && std::filesystem::exists(ours) ? ours : name;
}

std::vector<std::string> environment_for(const ProcessSettings& settings) {
  std::map<std::string, std::string> all{{"LANG", "C.UTF-8"}};
  for (const char* name :
       {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "BUILD"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      all[name] = value;
    }
  }
  for (const auto& [name, value] : settings.environment) {
    all[name] = value;
  }
  std::vector<std::string> words;
  for (const auto& [name, value] : all) {
    words.push_back(name + '=' + value);
  }
  return words;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) {
    result.push_back(word.data());
  }
  result.push_back(nullptr);
  return result;
}

// A fresh signal mask and default actions: what a shell gives to what it starts.
void set_attributes(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

// `program`, and before it, if it is one of ours, the words of $UNDER: "valgrind --quiet".
std::vector<std::string> supervisor_of(const std::string& program) {
  std::vector<std::string> words;
  const char* const under = std::getenv("UNDER");
  if (under != nullptr && program.starts_with(programs_directory())) {
    std::istringstream given(under);
    words.assign(std::istream_iterator<std::string>(given), {});
  }
  words.push_back(program);
  return words;
}

// What a sanitizer or valgrind says when something is wrong.
bool is_report(const std::string& line) {
  return line.find("Sanitizer:") != std::string::npos ||
         line.find(": runtime error: ") != std::string::npos || line.starts_with("==");
}

// What a message has room for.
std::string_view end_of(std::string_view text) {
  constexpr std::size_t kShown = 2000;
  return text.size() > kShown ? text.substr(text.size() - kShown) : text;
}

}  // namespace

std::string programs_directory() {
  return std::filesystem::canonical("/proc/self/exe").parent_path().string();
}

Process::Process(ProcessSettings settings) : settings_(std::move(settings)) {
  Fd input_end{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  if (settings_.with_input) {
    std::tie(input_end, input_) = make_pipe();
  }
  Fd out_end;
  Fd err_end;
  std::tie(out_.pipe, out_end) = make_pipe();
  std::tie(err_.pipe, err_end) = make_pipe();
  std::tie(stop_read_, stop_write_) = make_pipe();
  start(input_end.get(), out_end.get(), err_end.get());
  pidfd_ = Fd{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
  reader_ = std::thread([this] { read_outputs(); });  // last: everything it touches is there
}

Process::~Process() {
  if (!exit_code_ && std::getenv("END_GENTLY") != nullptr) {
    end_gently();
  }
  kill();
  ::kill(-pid_, SIGKILL);  // whatever it started and left behind
  stop_write_.reset();
  reader_.join();
  for (const std::string& line : err_.lines) {
    // Its exit code may have been lost to a kill or a shell.
    if (is_report(line)) {
      BOOST_ERROR(settings_.program + ": " + err_.text);
      return;
    }
  }
}

void Process::start(int input, int output, int error) {
  std::vector<std::string> words = supervisor_of(find_program(settings_.program));
  words.insert(words.end(), settings_.arguments.begin(), settings_.arguments.end());
  std::vector<std::string> variables = environment_for(settings_);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, 1);
  ::posix_spawn_file_actions_adddup2(&actions, error, 2);
  if (!settings_.directory.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&actions, settings_.directory.c_str());
  }
  posix_spawnattr_t attributes;
  set_attributes(attributes);
  const int failure = ::posix_spawnp(&pid_, words[0].c_str(), &actions, &attributes,
                                     pointers(words).data(), pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    throw std::runtime_error(fmt::format("cannot start {}: {}", words[0], std::strerror(failure)));
  }
}

void Process::read_outputs() {
  while (!out_.closed || !err_.closed) {
    pollfd ready[] = {{out_.closed ? -1 : out_.pipe.get(), POLLIN, 0},
                      {err_.closed ? -1 : err_.pipe.get(), POLLIN, 0},
                      {stop_read_.get(), POLLIN, 0}};
    if (::poll(ready, 3, -1) < 0 && errno != EINTR) {
      return;
    }
    if (ready[0].revents != 0) {
      take(out_);
    }
    if (ready[1].revents != 0) {
      take(err_);
    }
    if (ready[2].revents != 0 && ready[0].revents == 0 && ready[1].revents == 0) {
      return;
    }
  }
}

void Process::take(Output& output) {
  char buffer[65536];
  const ssize_t count = ::read(output.pipe.get(), buffer, sizeof buffer);
  const std::lock_guard lock(mutex_);
  if (count <= 0) {
    output.closed = true;
  } else {
    output.text.append(buffer, static_cast<std::size_t>(count));
  }
  for (std::size_t end = 0; (end = output.text.find('\n', output.whole)) != std::string::npos;) {
    output.lines.push_back(output.text.substr(output.whole, end - output.whole));
    output.whole = end + 1;
  }
  arrived_.notify_all();
}

void Process::give_up(const std::string& waited_for) const {
  // Called with the lock held.
  throw std::runtime_error(fmt::format("{} (pid {}) did not give {}; stdout:\n{}\nstderr:\n{}",
                                       settings_.program, pid_, waited_for, end_of(out_.text),
                                       end_of(err_.text)));
}

std::string Process::wait_for_line(Stream stream, const std::string& pattern, std::size_t from,
                                   Deadline deadline) {
  const std::regex wanted(pattern);
  Output& output = this->output(stream);
  std::unique_lock lock(mutex_);
  for (std::size_t next = from;; ++next) {
    while (next >= output.lines.size()) {
      if (output.closed || arrived_.wait_until(lock, deadline.end()) == std::cv_status::timeout) {
        give_up(fmt::format("a line like '{}'", pattern));
      }
    }
    if (std::regex_search(output.lines[next], wanted)) {
      return output.lines[next];
    }
  }
}

std::vector<std::string> Process::wait_for_lines(Stream stream, std::size_t count,
                                                 Deadline deadline) {
  Output& output = this->output(stream);
  std::unique_lock lock(mutex_);
  while (output.lines.size() < count) {
    if (output.closed || arrived_.wait_until(lock, deadline.end()) == std::cv_status::timeout) {
      give_up(fmt::format("{} lines", count));
    }
  }
  return output.lines;
}

std::vector<std::string> Process::lines(Stream stream) const {
  const std::lock_guard lock(mutex_);
  return output(stream).lines;
}

std::size_t Process::line_count(Stream stream) const {
  const std::lock_guard lock(mutex_);
  return output(stream).lines.size();
}

std::string Process::text(Stream stream) const {
  const std::lock_guard lock(mutex_);
  return output(stream).text;
}

void Process::write_input(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(input_.get(), text.data(), text.size());
    if (count < 0) {
      throw std::runtime_error(fmt::format("cannot write to {}", settings_.program));
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Process::signal(int number) const { ::kill(pid_, number); }
void Process::signal_group(int number) const { ::kill(-pid_, number); }

std::optional<int> Process::collect(int flags) {
  int status = 0;
  if (!exit_code_ && ::waitpid(pid_, &status, flags) == pid_) {
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return exit_code_;
}

int Process::wait(Deadline deadline) {
  pollfd gone{pidfd_.get(), POLLIN, 0};
  if (!exit_code_ && ::poll(&gone, 1, deadline.left_ms()) <= 0) {
    const std::lock_guard lock(mutex_);
    give_up("up (it still runs)");
  }
  const int code = collect(0).value();
  // Its last words are in the pipes by now; whoever else holds them open is not waited for long.
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::chrono::seconds(1), [this] { return out_.closed && err_.closed; });
  return code;
}

bool Process::running() { return !collect(WNOHANG); }

// What a program counts (coverage) or looks for (leaks) until its end is lost to a kill.
void Process::end_gently() {
  constexpr int kMilliseconds = 5000;
  ::kill(pid_, SIGTERM);
  ::kill(pid_, SIGCONT);
  pollfd gone{pidfd_.get(), POLLIN, 0};
  ::poll(&gone, 1, kMilliseconds);
  collect(WNOHANG);
}

void Process::kill() {
  if (!exit_code_) {
    ::kill(pid_, SIGKILL);
    collect(0);
  }
}

std::size_t Process::resident_kib() const {
  std::ifstream status(fmt::format("/proc/{}/status", pid_));
  for (std::string word; status >> word;) {
    if (std::size_t kib = 0; word == "VmRSS:" && status >> kib) {
      return kib;
    }
  }
  return 0;
}

}  // namespace monitor::tests
