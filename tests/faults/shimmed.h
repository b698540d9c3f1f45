// A real program with disk_shim between itself and its disk. A sanitizer's runtime wants to be the
// first library of a process, so such builds pass over these experiments.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>

#include "tests/support/process.h"

namespace monitor::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kShimWorks = false;
#else
inline constexpr bool kShimWorks = true;
#endif

inline bool can_shim(const char* experiment) {
  if (!kShimWorks) {
    std::fprintf(stderr, "%s: SKIPPED: the shim can't be loaded into a sanitizer's build\n",
                 experiment);
  }
  return kShimWorks;
}

using Environment = std::map<std::string, std::string>;

inline Environment shim_environment(const std::string& root) {
  return {{"LD_PRELOAD", programs_directory() + "/libdisk-shim.so"}, {"DISK_ROOT", root}};
}

inline Environment recorded(const std::string& root, const std::string& log) {
  Environment environment = shim_environment(root);
  environment["DISK_LOG"] = log;
  return environment;
}

}  // namespace monitor::tests
