// Rotation of a file of lines: FILE becomes FILE.2026-02-20T143200Z (UTC), is packed (RFC 1952) to
// FILE.2026-02-20T143200Z.gz if so wished, and the oldest go. A line is never split.
//
// Whatever ends the program in between, the lines of a rotated file are there, whole: the plain
// file goes only when the packed one is on the disk under its name (written beside it as .gz.part,
// synced, renamed). The next start finishes what was begun. Packing has a thread of its own, so
// that nothing waits for it; rotate() is for one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/system/clock.h"

namespace monitor::delivery {

struct RotationRules {
  std::uint64_t size = 0;       // bytes; 0: however large
  std::chrono::seconds age{0};  // since its first line; 0: however old
  int keep = 0;                 // rotated files; 0: all
  bool compress = false;

  bool any() const { return size > 0 || age.count() > 0; }
};

// Before the next line, of `line` bytes, a file of `size` bytes begun at `began` must go.
bool is_rotation_due(const RotationRules& rules, std::uint64_t size, std::size_t line,
                     system::Time began, system::Time now);

// FILE to FILE.gz, whole or not at all; FILE is gone then. `stop`, asked every now and then, ends
// it: false. Throws system::Failure, and FILE is as it was.
bool pack_file(const std::string& path, const std::function<bool()>& stop);

class Rotation {
 public:
  // `path`: the file that is written to. Finishes what an earlier process began.
  Rotation(std::string path, RotationRules rules);
  // Packing that is under way is given up, for the next start.
  ~Rotation();
  Rotation(const Rotation&) = delete;
  Rotation& operator=(const Rotation&) = delete;

  // The file gets its new name; whoever has it open must reopen. The reason when it can't.
  std::optional<std::string> rotate(system::Time now);
  // Waits until there is nothing to pack and to delete.
  void wait_until_tidy();

 private:
  void work();
  void tidy();
  void pack_all(const std::vector<std::string>& names);
  bool stopping() const;

  std::string path_;
  RotationRules rules_;
  mutable std::mutex mutex_;  // guards the four that follow
  std::condition_variable changed_;
  bool untidy_ = true;
  bool busy_ = false;
  bool stop_ = false;
  std::thread worker_;
};

}  // namespace monitor::delivery
