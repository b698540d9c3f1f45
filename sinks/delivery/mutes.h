// What is not to be told for a while (--mute FILE), until a time that each entry must have:
//
//   [[mute]]
//   provider = "github"               # slug or name; what is left out matches everything
//   component = "Codespaces*"         # glob over ids and names
//   incident = "abc123"
//   until = 2026-03-01T08:00:00Z
//   reason = "we know"
//
// A wrong file is refused at start, and on HUP what was read before stays in force. One thread.
#pragma once

#include <string>
#include <vector>

#include "lib/status/filter.h"
#include "lib/status/update.h"
#include "lib/system/clock.h"

namespace monitor::delivery {

class Mutes {
 public:
  Mutes() = default;
  // Empty: there is none. Throws ConfigError with the line and what would be right.
  explicit Mutes(std::string path);

  bool silence(const status::StatusUpdate& update, system::Time now) const;
  // Reads the file again; tells on stderr when it is wrong.
  void reload();

 private:
  struct Entry {
    status::Filter filter;
    std::string incident;
    system::Time until{};
  };
  static std::vector<Entry> read(const std::string& path);

  std::string path_;
  std::vector<Entry> entries_;
};

}  // namespace monitor::delivery
