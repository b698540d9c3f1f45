// The one kind of exception that ends a program, and what each ends it with. Thrown only for
// "cannot start" and "cannot go on"; bad input from outside is a value, never an exception. Caught
// once, in main, by report_fatal().
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace monitor::system {

// Exit codes, as in sysexits.h. systemd's RestartPreventExitStatus= names the last two.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitConfig = 78;

class Failure : public std::runtime_error {
 public:
  // `what` reads "cannot VERB OBJECT: REASON", so that "PROGRAM: fatal: " can stand before it.
  explicit Failure(const std::string& what, int exit_code = kExitFailed)
      : std::runtime_error(what), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

// The command line is wrong (64).
class UsageError : public Failure {
 public:
  explicit UsageError(const std::string& what) : Failure(what, kExitUsage) {}
};

// A configuration file, an environment variable or a combination of settings is wrong (78).
class ConfigError : public Failure {
 public:
  explicit ConfigError(const std::string& what) : Failure(what, kExitConfig) {}
};

// Throws Failure "cannot VERB OBJECT: strerror(errno)"; `action` is "open /some/file".
[[noreturn]] void fail_errno(std::string_view action);
// The same with a reason of the caller's.
[[noreturn]] void fail(std::string_view action, std::string_view reason);

// For main's only catch block: prints "PROGRAM: fatal: WHAT" and returns the exit code that belongs
// to it.
int report_fatal(const std::exception& error);

}  // namespace monitor::system
