#include "lib/system/config_file.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "lib/system/error.h"

namespace monitor::system {

std::string read_config_file(const std::string& path, const std::string& what) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (file) {
    file.peek();  // a directory opens all the same and fails here
  }
  if (!file && !file.eof()) {
    throw ConfigError("cannot use " + what + " " + path + ": " +
                      std::generic_category().message(errno));
  }
  file.clear();
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace monitor::system
