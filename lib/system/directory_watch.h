// Tells when a file is put into a directory under its final name (renamed, or written and closed),
// without looking again and again: inotify(7). One thread.
#pragma once

#include <string>
#include <vector>

#include "lib/system/fd.h"

namespace monitor::system {

class DirectoryWatch {
 public:
  // Throws Failure when the directory can't be watched.
  explicit DirectoryWatch(const std::string& path);

  // Readable when take() would return something.
  int fd() const { return fd_.get(); }
  // Names of files that were put there since the last time; never waits.
  std::vector<std::string> take() const;

 private:
  Fd fd_;
};

}  // namespace monitor::system
