#include "lib/http/secret_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/trim.h"

namespace monitor::http {

void warn_if_open(const std::string& path, const std::string& what) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
      (found.st_mode & S_IROTH) != 0) {
    system::log_warning(fmt::format(
        "{} file {} can be read by everybody on this machine: chmod o= {}", what, path, path));
  }
}

std::string place_of(const std::string& path) {
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  const bool name = path.find('/') == std::string::npos;
  const std::string credential = directory != nullptr && name ? directory + ("/" + path) : "";
  return !credential.empty() && ::access(credential.c_str(), F_OK) == 0 ? credential : path;
}

std::vector<SecretLine> read_secret_file(const std::string& given, const std::string& what) {
  const std::string path = place_of(given);
  std::ifstream file(path);
  std::vector<SecretLine> secrets;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const std::string_view secret = system::trimmed(line);
    if (!secret.empty() && secret.front() != '#') {
      secrets.push_back({number, std::string(secret)});
    }
  }
  if (secrets.empty()) {
    throw system::ConfigError(
        fmt::format("cannot use {0} file {1}: {2}", what, path,
                    number == 0 ? "it is empty or can't be read"
                                : fmt::format("it holds no {}, give one a line", what)));
  }
  warn_if_open(path, what);
  return secrets;
}

}  // namespace monitor::http
