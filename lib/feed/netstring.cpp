#include "lib/feed/netstring.h"

#include <charconv>

namespace monitor::feed {

void append_netstring(std::string& packed, std::string_view text) {
  packed += std::to_string(text.size());
  packed += ':';
  packed += text;
  packed += ',';
}

std::optional<std::vector<std::string_view>> unpack_netstrings(std::string_view packed) {
  std::vector<std::string_view> texts;
  while (!packed.empty()) {
    std::size_t size = 0;
    const char* const end = packed.data() + packed.size();
    const auto [colon, error] = std::from_chars(packed.data(), end, size);
    if (error != std::errc() || colon == end || *colon != ':') {
      return std::nullopt;
    }
    packed.remove_prefix(static_cast<std::size_t>(colon + 1 - packed.data()));
    if (packed.size() <= size || packed[size] != ',') {
      return std::nullopt;
    }
    texts.push_back(packed.substr(0, size));
    packed.remove_prefix(size + 1);
  }
  return texts;
}

}  // namespace monitor::feed
