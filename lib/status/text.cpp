#include "lib/status/text.h"

#include "lib/json/utf8.h"

namespace monitor::status {
namespace {

bool is_space(char32_t c) {
  return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// Control characters (C0, DEL, C1), what turns the direction of text around (Unicode UAX #9, 2.1
// to 2.5) and the byte order mark: none can be seen, all can make a line look like another. Asked
// after is_space().
bool is_dropped(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

// Most texts need nothing done: printable ASCII with single spaces between words.
bool is_clean_ascii(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E || (c == ' ' && before == ' ')) {
      return false;
    }
    before = c;
  }
  return text.empty() || before != ' ';
}

}  // namespace

std::string to_line(std::string_view text) {
  if (is_clean_ascii(text)) {
    return std::string(text);
  }
  std::string line;
  line.reserve(text.size());
  bool gap = false;
  while (!text.empty()) {
    const char32_t c = json::take_code_point(text);
    if (is_space(c)) {
      gap = true;
    } else if (!is_dropped(c)) {
      if (gap && !line.empty()) {
        line += ' ';
      }
      gap = false;
      json::append_code_point(line, c);
    }
  }
  return line;
}

std::string cut(std::string_view text, std::size_t max) {
  constexpr char32_t kEllipsis = 0x2026;
  if (max == 0 || text.size() <= max) {  // a code point is a byte at least
    return std::string(text);
  }
  std::string_view rest = text;
  std::size_t kept = text.size();
  for (std::size_t taken = 0; taken < max && !rest.empty(); ++taken) {
    kept = text.size() - rest.size();
    json::take_code_point(rest);
  }
  if (rest.empty()) {
    return std::string(text);
  }
  std::string shorter(text.substr(0, kept));
  json::append_code_point(shorter, kEllipsis);
  return shorter;
}

std::string to_slug(std::string_view name) {
  std::string slug;
  bool gap = false;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower < 'a' || lower > 'z') && (lower < '0' || lower > '9')) {
      gap = true;
      continue;
    }
    const bool dash = gap && !slug.empty();
    if (slug.size() + (dash ? 2 : 1) > kMaxSlug) {
      break;
    }
    slug += dash ? "-" : "";
    slug += lower;
    gap = false;
  }
  return slug;
}

}  // namespace monitor::status
