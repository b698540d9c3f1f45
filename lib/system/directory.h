// A file's place among others: a new name is on the disk only when its directory is, fsync(2).
#pragma once

#include <string>

namespace monitor::system {

// Of a file; "." for one that is named without.
std::string directory_of(const std::string& path);
// Throws Failure.
void sync_directory_of(const std::string& path);

}  // namespace monitor::system
