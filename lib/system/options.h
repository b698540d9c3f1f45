// The options of one program: each is a flag, a key of the --config file (TOML) and an environment
// variable (PROGRAM_OPTION, as STATUS_RECEIVER_PORT); the flag beats the variable, the variable
// beats the file. --help, --version and --config are there by themselves. The only user of CLI11.
//
//   Options options("status-store", "Keeps incidents and serves them over HTTP.");
//   options.number("--port", port, 0, 65535, "TCP port to listen on");
//   if (!options.parse(argc, argv)) return 0;  // --help or --version was printed
//
// The variables given must outlive parse(); what they hold before it is the default. A wrong flag
// throws UsageError, a wrong file or environment variable ConfigError.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace monitor::system {

class Options {
 public:
  Options(std::string program, std::string summary);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  void text(const std::string& flag, std::string& value, const std::string& placeholder,
            const std::string& help);
  // May be given several times; the environment variable holds them separated by blanks.
  void texts(const std::string& flag, std::vector<std::string>& values,
             const std::string& placeholder, const std::string& help);
  void number(const std::string& flag, int& value, int least, int most, const std::string& help);
  // Bytes: "512", "64KiB", "1MiB", "2GiB".
  void size(const std::string& flag, std::uint64_t& bytes, const std::string& help);
  // "90s", "15m", "12h", "30d"; a bare number is seconds.
  void duration(const std::string& flag, std::chrono::seconds& value, const std::string& help);
  void choice(const std::string& flag, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  void choices(const std::string& flag, std::vector<std::string>& values,
               const std::vector<std::string>& choices, const std::string& help);
  void toggle(const std::string& flag, bool& value, const std::string& help);
  // Everything that is no option, as "-- COMMAND ARGS".
  void rest(std::vector<std::string>& values, const std::string& placeholder,
            const std::string& help);
  // A second environment variable for `flag`, asked after PROGRAM_OPTION ($PORT on many platforms).
  void also_from_environment(const std::string& flag, const std::string& variable);
  // Text that --help prints at its end.
  void footer(const std::string& text);

  // False: --help or --version was asked for and has been printed.
  bool parse(int argc, char** argv);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

// The units that the options take, for other places that read such text. Throw
// std::invalid_argument saying what would be right.
std::uint64_t parse_size(const std::string& text);
std::chrono::seconds parse_duration(const std::string& text);

}  // namespace monitor::system
