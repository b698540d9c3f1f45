// What status-formatter was told to do: its options. Read once at the start; wrong ones are thrown
// as system::UsageError or ConfigError before anything is opened.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lib/feed/subscriber.h"
#include "lib/status/filter.h"

namespace monitor::formatter {

// How an update is written.
struct Style {
  bool json = false;
  std::size_t max_message = 0;  // of the text form, in code points; 0: never cut
};

// A terminal shows that much of a message without losing sight of the next one.
inline constexpr int kMaxMessage = 4000;

struct Settings {
  std::string format = "text";
  std::string from = "live";
  int max_message = kMaxMessage;
  status::FilterWords filter;
  std::string state;
  std::vector<feed::Source> sources;
  bool read_stdin = false;
  std::string providers;  // the user's file; empty: only the shipped catalogue

  bool resumes() const { return from == "resume"; }
  Style style() const { return {format == "json", static_cast<std::size_t>(max_message)}; }
};

// False: --help or --version was asked for and has been printed.
bool parse(int argc, char** argv, Settings& settings);

}  // namespace monitor::formatter
