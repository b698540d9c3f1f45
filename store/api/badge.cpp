#include "store/api/badge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/json/utf8.h"
#include "lib/status/text.h"
#include "store/api/feed.h"

namespace monitor::store {
namespace {

struct Look {
  std::string_view status;
  // White text on it has a contrast of 4.5 or more (WCAG 2.1, 1.4.3).
  std::string_view colour;
  // In a box of 12 by 12, drawn in white lines: told apart without colours.
  std::string_view shape;
};

constexpr std::array<Look, 6> kLooks{{
    {"unknown", "#6a737d",
     R"(<path d="M3.5 4.2a2.5 2.5 0 1 1 3.6 2.2C6.3 6.8 6 7.2 6 8"/><path d="M6 10.4v.2"/>)"},
    {"operational", "#1a7f37", R"(<path d="M2 6.5 5 9.5 10 3"/>)"},
    // A spanner.
    {"under_maintenance", "#0969da",
     R"(<path d="M2 10 6 6"/><path d="M8.2 1.6A2.8 2.8 0 1 0 10.4 3.8L8.4 4.6 7.4 3.6Z"/>)"},
    // Downwards.
    {"degraded_performance", "#8a5a00", R"(<path d="M6 2v8M2.5 6.5 6 10 9.5 6.5"/>)"},
    // A disc, half of it gone.
    {"partial_outage", "#bc4c00",
     R"(<circle cx="6" cy="6" r="4.4"/><path fill="#fff" d="M6 1.6a4.4 4.4 0 0 1 0 8.8Z"/>)"},
    {"major_outage", "#cf222e", R"(<path d="M2.5 2.5l7 7M9.5 2.5l-7 7"/>)"},
}};

const Look& look_of(std::string_view status) {
  for (const Look& look : kLooks) {
    if (look.status == status) {
      return look;
    }
  }
  return kLooks[0];
}

// Advance widths of DejaVu Sans, which Verdana's are close to, from space to ~, in hundredths of
// the font's size.
constexpr std::array<std::uint8_t, 95> kAsciiWidths{
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(const auto& ranges, char32_t c) {
  for (const Range& range : ranges) {
    if (c >= range.first && c <= range.last) {
      return true;
    }
  }
  return false;
}

// The blocks that are drawn in squares (https://www.unicode.org/reports/tr11/): Hangul, Chinese,
// Japanese, full-width forms, pictures.
constexpr std::array<Range, 9> kSquare{{{0x1100, 0x115F},
                                        {0x2600, 0x27BF},
                                        {0x2E80, 0xA4CF},
                                        {0xA960, 0xA97F},
                                        {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},
                                        {0xFE30, 0xFE6F},
                                        {0xFF01, 0xFF60},
                                        {0x1F000, 0x3FFFD}}};

// Marks over another letter, joiners, selectors.
constexpr std::array<Range, 5> kNoRoom{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xE0000, 0xE01EF}}};

// In hundredths of the font's size; for letters beyond these tables the mean of Greek, Cyrillic,
// Hebrew and Arabic.
int width_of(char32_t c) {
  constexpr int kOther = 65;
  if (c >= ' ' && c <= '~') {
    return kAsciiWidths[c - ' '];
  }
  return is_in(kNoRoom, c) ? 0 : is_in(kSquare, c) ? 100 : kOther;
}

constexpr int kFontSize = 11;

// In pixels, rounded up; at least one, because a text can't be squeezed to nothing.
int width_of(std::string_view text) {
  int hundredths = 0;
  while (!text.empty()) {
    hundredths += width_of(json::take_code_point(text)) * kFontSize;
  }
  return std::max(1, (hundredths + 99) / 100);
}

constexpr int kMargin = 6;
constexpr int kShape = 12;
constexpr int kGap = 4;  // between the shape and its words

// textLength holds whatever font there is to the width that was computed.
std::string text_svg(int x, std::string_view text) {
  return fmt::format(
      R"(<text x="{}" y="14" textLength="{}" lengthAdjust="spacingAndGlyphs">{}</text>)", x,
      width_of(text), to_xml(text));
}

// Rounded at its outer end, and edged so that it stands out from a dark page.
std::string boxes_svg(int left, int width, std::string_view colour) {
  return fmt::format(
      R"(<path fill="#444c56" d="M{0} 0H3a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3H{0}z"/>)"
      R"(<path fill="{3}" d="M{0} 0H{1}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{0}z"/>)"
      R"(<rect x=".5" y=".5" width="{2}" height="19" rx="2.5" fill="none" stroke="#fff" stroke-opacity=".25"/>)",
      left, width - 3, width - 1, colour);
}

std::string shape_svg(int x, std::string_view shape) {
  return fmt::format("<g transform=\"translate({} 4)\" fill=\"none\" stroke=\"#fff\"", x) +
         R"( stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">)" +
         std::string(shape) + "</g>";
}

std::string head_svg(int width, std::string_view said) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20" viewBox="0 0 {0} 20" role="img" aria-label="{1}">)"
      "<title>{1}</title>",
      width, to_xml(said));
}

}  // namespace

std::string badge_svg(std::string_view name, std::string_view status) {
  const Look& look = look_of(status);
  const std::string words = in_words(look.status);
  const std::string whole = status::to_line(name);
  const std::string shown = status::cut(whole, kMostBadgeName);
  const int left = 2 * kMargin + width_of(shown);
  const int words_at = left + kMargin + kShape + kGap;
  const int width = words_at + width_of(words) + kMargin;
  return head_svg(width, fmt::format("{}: {}", whole, words)) +
         boxes_svg(left, width, look.colour) +
         R"(<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">)" +
         text_svg(kMargin, shown) + text_svg(words_at, words) + "</g>" +
         shape_svg(left + kMargin, look.shape) + "</svg>\n";
}

}  // namespace monitor::store
