// Who sends: the catalogue of status pages (shipped with the program, extended by the user's file), and finding out of a body
// and its path which one it came from. Immutable once loaded; any thread may read it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/status/format.h"

namespace monitor::status {

struct Provider {
  std::string slug;
  std::string name;
  std::vector<std::string> page_ids;
  std::vector<std::string> hosts;
};

// The strings of a body that can tell who sent it, found while it is scanned.
struct Clues {
  std::string page_id;
  std::string name;
  std::vector<std::string> hosts;  // lower case, in the order of the format's url_paths, no duplicates
};

// Collects the clues of one body; give it to json::scan(). `format` null (auto): every format's paths count.
class ClueCollector : public json::StringVisitor {
 public:
  explicit ClueCollector(const Format* format);
  void on_string(std::string_view path, std::string_view value) override;
  Clues take();

 private:
};

struct Identity {
  std::string slug;  // never empty
  std::string name;  // never empty
};

class Providers {
 public:
  // The catalogue that is compiled in.
  static Providers shipped();
  // The catalogue and the user's providers.toml on top. Throws system::ConfigError naming file, line and what would be right.
  static Providers with_user_file(const std::string& path);

  // slug = `path_provider`, else the entry found, else made from the name. Name = the user's file (by path, page id, host),
  // else the name in the body, else the catalogue (page id, host, path), else the host without "www." and "status.", else
  // the page id, else the slug. With nothing at all: "unknown".
  Identity identify(std::string_view path_provider, const Clues& clues) const;
};

}  // namespace monitor::status
