// Where the values of a JSON text stand, so that tests can put something else in their place.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace monitor::tests {

struct JsonValue {
  std::size_t begin = 0;  // offsets of its text
  std::size_t end = 0;
};

// Every value in `json`, which must be valid: members, elements and the whole.
std::vector<JsonValue> json_values(std::string_view json);

}  // namespace monitor::tests
