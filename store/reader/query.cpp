#include "store/reader/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace monitor::store {
namespace {

// FTS5's unicode61 tokenizer makes words of letters and digits; of ASCII that is these, and what is
// beyond ASCII mostly is one.
bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// Within quotes nothing is an operator: https://www.sqlite.org/fts5.html#fts5_strings
std::string quoted(std::string_view word) {
  std::string text = "\"";
  for (const char c : word) {
    text += c == '"' ? "\"\"" : std::string(1, c);
  }
  return text + '"';
}

}  // namespace

std::optional<std::string> words_to_match(std::string_view text) {
  std::string expression;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (std::none_of(word.begin(), word.end(), is_of_word)) {
      continue;
    }
    const bool beginning = word.back() == '*';
    expression += (expression.empty() ? "" : " AND ") + quoted(word) + (beginning ? " *" : "");
  }
  return expression.empty() ? std::nullopt : std::optional(expression);
}

std::string to_cursor(const Position& position) {
  return fmt::format("{:x}-{:x}", position.at, position.row);
}

std::optional<Position> from_cursor(std::string_view text) {
  Position position;
  const char* const end = text.data() + text.size();
  const auto time = std::from_chars(text.data(), end, position.at, 16);
  if (time.ec != std::errc() || time.ptr == end || *time.ptr != '-') {
    return std::nullopt;
  }
  const auto row = std::from_chars(time.ptr + 1, end, position.row, 16);
  const bool whole = row.ec == std::errc() && row.ptr == end;
  return whole ? std::optional(position) : std::nullopt;
}

std::string to_cursor(std::string_view slug) {
  std::string text;
  for (const char c : slug) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

std::optional<std::string> slug_from_cursor(std::string_view text) {
  std::string slug;
  for (; text.size() >= 2; text.remove_prefix(2)) {
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 2, byte, 16);
    if (error != std::errc() || end != text.data() + 2) {
      return std::nullopt;
    }
    slug += static_cast<char>(byte);
  }
  return text.empty() && !slug.empty() ? std::optional(slug) : std::nullopt;
}

}  // namespace monitor::store
