// UTF-8, byte by byte: what is one, what is not, and how to go through it. RFC 3629: no surrogates,
// no overlong forms, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace monitor::json {

inline constexpr char32_t kReplacement = 0xFFFD;

// Takes one code point off the front of `text`; a byte that begins none is taken alone and gives
// kReplacement. `text` must not be empty.
char32_t take_code_point(std::string_view& text);
void append_code_point(std::string& text, char32_t code_point);

// Where the first byte stands that belongs to no code point; nothing when all do.
std::optional<std::size_t> invalid_utf8_at(std::string_view text);
inline bool is_utf8(std::string_view text) { return !invalid_utf8_at(text); }
// Each byte that belongs to no code point becomes U+FFFD.
std::string mend_utf8(std::string_view text);

}  // namespace monitor::json
