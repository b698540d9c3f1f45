// The part of a URL that may be shown: what follows may be a secret (libxml2, so that nobody loads
// libcurl to say whether a configuration is right).
#pragma once

#include <string>

namespace monitor::http {

// "https://hooks.example:8443" of "https://user:word@hooks.example:8443/secret", "://" of what is
// no URL with a host.
std::string origin_of(const std::string& url);

}  // namespace monitor::http
