#include "lib/json/pointer.h"

#include <charconv>
#include <string>

namespace monitor::json {
namespace {

// "~1" is '/', "~0" is '~', in this order.
std::string unescaped(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    text += !escape ? token[i] : token[i + 1] == '1' ? '/' : '~';
    i += escape ? 1 : 0;
  }
  return text;
}

View element(View array, std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool padded = token.size() > 1 && token.front() == '0';
  const bool whole = error == std::errc() && end == token.data() + token.size() && !padded;
  return whole ? array.at(index) : View();
}

}  // namespace

bool is_pointer(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') {
    return false;
  }
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] != '~') {
      continue;
    }
    if (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')) {
      return false;
    }
  }
  return true;
}

View find(View root, std::string_view pointer) {
  if (!is_pointer(pointer)) {
    return {};
  }
  View value = root;
  while (!pointer.empty() && value.present()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    value = value.is_array() ? element(value, token) : value[unescaped(token)];
  }
  return value;
}

}  // namespace monitor::json
