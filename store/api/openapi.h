// The description of the API (OpenAPI 3.1), store/api/openapi.json, as it is in the program.
#pragma once

#include <string_view>

namespace monitor::store {

std::string_view openapi_text();

}  // namespace monitor::store
