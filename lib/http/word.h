// Words of HTTP that mean the same in capitals and small letters: names of headers, schemes,
// codings (RFC 9110). ASCII only.
#pragma once

#include <strings.h>

#include <string_view>

namespace monitor::http {

inline bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace monitor::http
