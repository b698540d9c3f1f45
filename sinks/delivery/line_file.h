// A file that lines are appended to, each whole or not at all. When it is opened, what a crash has
// torn is cut off: a last line without newline, and after a power loss all from the first line on
// of which some blocks never came to the disk (they read as NUL). Disk full and I/O errors while
// appending are answers, for the loop to wait; a failed sync() is thrown, because then nobody knows
// what is on the disk. Used by status-sink-file; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/clock.h"
#include "lib/system/fd.h"

namespace monitor::delivery {

// Lines that are appended before a sync() at most: more may not be torn.
inline constexpr std::size_t kUnsyncedLines = 100;

class LineFile {
 public:
  // Opens or makes the file. Throws ConfigError when its directory does not exist or it is not a
  // regular file.
  explicit LineFile(std::string path);

  // Appends `line` and a newline. The reason when it can't; the file is then as it was before.
  std::optional<std::string> append(std::string_view line);
  // Returns when everything appended is on the disk.
  void sync();
  // Bytes in it; 0 while it can't be opened.
  std::uint64_t size() const;
  // When the file was made; now where the file system does not know.
  system::Time made_at() const;
  // Leaves the file to whoever renamed it (logrotate) and opens the path anew; when that fails,
  // append() tries again.
  void reopen();

 private:
  void open();
  std::optional<std::string> write(std::string_view text);
  void undo(std::size_t written);

  std::string path_;
  system::Fd fd_;
};

}  // namespace monitor::delivery
