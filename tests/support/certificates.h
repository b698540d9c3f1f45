// Certificates that sign themselves, made by openssl(1) for one test: NAME.pem and NAME.key in a
// directory.
#pragma once

#include <string>
#include <vector>

namespace monitor::tests {

// `days` from now it ends, less than none: it has ended. Good for localhost and 127.0.0.1; its
// subject is the name.
void make_certificate(const std::string& directory, const std::string& name, int days = 90);

// Runs openssl to its end, with `input`; what it said on stdout and stderr. Its exit code is not
// looked at: s_client fails whenever a server just ends the connection.
std::string ask_openssl(const std::vector<std::string>& arguments, const std::string& input = "");

}  // namespace monitor::tests
