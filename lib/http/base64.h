// Base64 as RFC 4648, section 4, has it: with padding, without line breaks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace monitor::http {

// Nothing for what is not base64 from its first character to its last.
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64(std::string_view bytes);

}  // namespace monitor::http
