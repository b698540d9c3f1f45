// Secrets that are kept in a file of their own: one a line, so that several are good while they are
// changed; blank lines and lines that begin with '#' don't count.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace monitor::http {

struct SecretLine {
  std::size_t number = 0;  // in the file, from 1
  std::string secret;
};

// At least one. `what` names them in errors: "token". Throws system::ConfigError "cannot use WHAT
// file PATH: ..." when the file can't be read or holds none; never shows what is in it. Warns when
// everybody on this machine may read it.
std::vector<SecretLine> read_secret_file(const std::string& path, const std::string& what);

// Where a file is that an option names: a credential of the unit (systemd.exec(5), LoadCredential=)
// goes by its name alone.
std::string place_of(const std::string& path);
// Warns when everybody on this machine may read it.
void warn_if_open(const std::string& path, const std::string& what);

}  // namespace monitor::http
