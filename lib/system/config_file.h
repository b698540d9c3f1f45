// A file that the operator wrote, read whole.
#pragma once

#include <string>

namespace monitor::system {

// `what` it is, for the error: "providers file". Throws ConfigError "cannot use WHAT PATH: ...".
std::string read_config_file(const std::string& path, const std::string& what);

}  // namespace monitor::system
