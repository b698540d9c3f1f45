// The release that --version prints. Kept by hand; the Makefile and the packages read it from here.
#pragma once

namespace monitor::system {

inline constexpr const char kVersion[] = "0.1.0";

}  // namespace monitor::system
