// Text as a file that programs can open by its path, and that no disk ever sees.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "lib/system/fd.h"
#include "tests/fuzz/require.h"

namespace monitor::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : file_(::memfd_create("text", MFD_CLOEXEC)) {
    require(::write(file_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
            "a file in memory can't be made");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

 private:
  system::Fd file_;
};

}  // namespace monitor::fuzz
