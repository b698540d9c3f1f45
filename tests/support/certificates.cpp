#include "tests/support/certificates.h"

#include <algorithm>

#include "tests/support/process.h"

namespace monitor::tests {

void make_certificate(const std::string& directory, const std::string& name, int days) {
  const std::string base = directory + '/' + name;
  ask_openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-days", std::to_string(std::max(days, 1)), "-subj", "/CN=" + name, "-addext",
               "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", base + ".key", "-out",
               base + ".pem"});
  if (days < 1) {  // req makes none such
    ask_openssl({"x509", "-in", base + ".pem", "-signkey", base + ".key", "-days",
                 std::to_string(days), "-out", base + ".pem"});
  }
}

std::string ask_openssl(const std::vector<std::string>& arguments, const std::string& input) {
  Process openssl({.program = "openssl", .arguments = arguments, .with_input = true});
  openssl.write_input(input);
  openssl.close_input();
  openssl.wait();
  return openssl.text(Stream::out) + openssl.text(Stream::err);
}

}  // namespace monitor::tests
