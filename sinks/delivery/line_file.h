// A file that lines are appended to, each whole or not at all. After a crash its torn last line is
// cut off when it is opened. Disk full and I/O errors while appending are answers, for the loop to
// wait; a failed sync() is thrown, because then nobody knows what is on the disk. Used by
// status-sink-file; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/clock.h"
#include "lib/system/fd.h"

namespace monitor::delivery {

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
