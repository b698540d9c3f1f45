// JSON Pointer, RFC 6901: "/incident/updates/0/body". Pure functions.
#pragma once

#include <string_view>

#include "lib/json/document.h"

namespace monitor::json {

// "" (the whole document) or tokens that each begin with '/'; '~' only as "~0" and "~1".
bool is_pointer(std::string_view pointer);

// What stands there; missing when nothing does, or when `pointer` is none.
View find(View root, std::string_view pointer);

}  // namespace monitor::json
