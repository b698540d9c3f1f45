// A real program under test: started, read line by line, signalled, waited for. Leads a process
// group of its own; the destructor kills the whole group, so that no test leaves anything running.
// One thread of ours reads stdout and stderr as they come, so that the program never waits for us;
// the destructor joins it.
// A sanitizer's or valgrind's report on stderr is an error of the test, however the program ended.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/system/fd.h"
#include "tests/support/deadline.h"

namespace monitor::tests {

struct ProcessSettings {
  // With a slash: this file. Else a program of ours beside the test program, or one of $PATH.
  std::string program;
  std::vector<std::string> arguments = {};
  // On top of a clean environment: PATH, LANG, and what sanitizers read. Nothing else is inherited.
  std::map<std::string, std::string> environment = {};
  std::string directory = "";  // to run in; empty: ours
  bool with_input = false;     // stdin is a pipe, see input(); else /dev/null
};

enum class Stream { out, err };

class Process {
 public:
  explicit Process(ProcessSettings settings);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& name() const { return settings_.program; }

  // The first line (from line number `from` on) that `pattern`, an ECMAScript regular expression,
  // is found in. Throws std::runtime_error with all that was said when the deadline passes or the
  // program closes the stream before.
  std::string wait_for_line(Stream stream, const std::string& pattern, std::size_t from = 0,
                            Deadline deadline = Deadline());
  // Until there are at least `count` whole lines. Throws likewise.
  std::vector<std::string> wait_for_lines(Stream stream, std::size_t count,
                                          Deadline deadline = Deadline());
  // Whole lines so far.
  std::vector<std::string> lines(Stream stream) const;
  std::size_t line_count(Stream stream) const;
  // Everything so far, an unfinished line too.
  std::string text(Stream stream) const;

  void write_input(std::string_view text);
  void close_input() { input_.reset(); }

  void signal(int number) const;        // the program
  void signal_group(int number) const;  // and what it started: what Ctrl-C does
  // The exit code, 128 + N when signal N ended it. Throws when the deadline passes. Its outputs are
  // complete afterwards unless it left somebody else behind who holds them open.
  int wait(Deadline deadline = Deadline());
  bool running();
  void kill();  // KILL, and wait
  int terminate(Deadline deadline = Deadline()) {
    signal(15);
    return wait(deadline);
  }

  // Resident memory in KiB, 0 when it is gone.
  std::size_t resident_kib() const;

 private:
  struct Output {
    system::Fd pipe;
    std::string text;
    std::size_t whole = 0;  // bytes of text up to the last newline
    std::vector<std::string> lines;
    bool closed = false;
  };

  void start(int input, int output, int error);
  void end_gently();  // TERM, and wait a while
  void read_outputs();
  void take(Output& output);
  Output& output(Stream stream) { return stream == Stream::out ? out_ : err_; }
  const Output& output(Stream stream) const { return stream == Stream::out ? out_ : err_; }
  [[noreturn]] void give_up(const std::string& waited_for) const;
  std::optional<int> collect(int flags);

  ProcessSettings settings_;
  pid_t pid_ = -1;
  system::Fd pidfd_;
  std::optional<int> exit_code_;
  system::Fd input_;
  system::Fd stop_read_;
  system::Fd stop_write_;
  mutable std::mutex mutex_;  // guards both outputs' text, lines and closed
  std::condition_variable arrived_;
  Output out_;
  Output err_;
  std::thread reader_;
};

// The directory of the test program, where make puts ours too.
std::string programs_directory();

}  // namespace monitor::tests
