#include "store/api/paging.h"

#include <fmt/format.h>

#include <iterator>

namespace monitor::store {
namespace {

// RFC 3986, 2.3: what need not be encoded.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    is_unreserved(c) ? out.push_back(c)
                     : static_cast<void>(fmt::format_to(std::back_inserter(out), "%{:02X}",
                                                        static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

std::string next_link(const http::Request& request, std::string_view cursor) {
  std::string query;
  for (const auto& [name, value] : request.parameters) {
    if (name != "cursor" && name != "token") {
      query += fmt::format("{}={}&", encoded(name), encoded(value));
    }
  }
  return fmt::format("<{}?{}cursor={}>; rel=\"next\"", request.path, query, encoded(cursor));
}

}  // namespace monitor::store
