// What disk_shim.cpp writes down and disk_recording.cpp reads: one record after the other, each a
// Head, the path and the bytes. In the order in which the calls took effect.
#pragma once

#include <cstdint>

namespace monitor::tests {

enum class DiskCall : std::uint32_t {
  open,      // of a file that was there
  create,    // a new file: `inode` is another one from now on, even if it has an old one's number
  write,     // at `offset`
  truncate,  // to `offset` bytes
  rename,    // the bytes are the new path
  unlink,
  mkdir,
  sync,         // of a file, or of a directory
  failed_sync,  // the kernel has let go of what was not on the disk before
  told,         // not a call of the disk: this left for somebody on a socket
};

struct DiskRecord {
  DiskCall call;
  std::uint32_t path_length;
  std::uint64_t inode;
  std::uint64_t offset;
  std::uint64_t length;
};

}  // namespace monitor::tests
