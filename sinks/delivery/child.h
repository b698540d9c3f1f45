// One running child process: in a process group of its own, with no signal blocked and none
// ignored, our write end of a pipe as its stdin. Never blocks; its owner waits for exit_fd() and
// input_fd(). Destroyed while it runs, it and its group are killed.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/system/fd.h"

namespace monitor::delivery {

class Child {
 public:
  // Starts `words` (found through $PATH). Nothing and `reason` when it can't be started.
  static std::optional<Child> spawn(const std::vector<std::string>& words,
                                    const std::vector<std::string>& environment,
                                    std::string& reason);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  int exit_fd() const { return exited_.get(); }  // readable when it has ended
  int input_fd() const { return input_.get(); }  // -1 once closed
  // Writes what fits of `rest` and takes it off; closes the input at its end or when the child does
  // not want more.
  void write_some(std::string_view& rest);

  // Its status as of waitpid(2). Waits, so call it when exit_fd() is readable. Once.
  int reap();

 private:
  Child(pid_t pid, system::Fd exited, system::Fd input);

  pid_t pid_;  // -1: reaped
  system::Fd exited_;
  system::Fd input_;
};

}  // namespace monitor::delivery
