#include "store/board/board.h"

#include <algorithm>
#include <array>

// The assembler reads the files, relative to where make runs; the Makefile knows that this object
// depends on them.
#define EMBED(name, file)                       \
  asm(".section .rodata\n"                      \
      ".global board_" #name                    \
      "_begin\n"                                \
      ".global board_" #name                    \
      "_end\n"                                  \
      "board_" #name                            \
      "_begin:\n"                               \
      ".incbin \"store/board/" file             \
      "\"\n"                                    \
      "board_" #name                            \
      "_end:\n"                                 \
      ".previous\n");                           \
  extern "C" const char board_##name##_begin[]; \
  extern "C" const char board_##name##_end[];

EMBED(board_html, "board.html")
EMBED(board_css, "board.css")
EMBED(board_js, "board.js")
EMBED(modules_announce_js, "modules/announce.js")
EMBED(modules_api_js, "modules/api.js")
EMBED(modules_dom_js, "modules/dom.js")
EMBED(modules_entries_js, "modules/entries.js")
EMBED(modules_filters_js, "modules/filters.js")
EMBED(modules_headline_js, "modules/headline.js")
EMBED(modules_keys_js, "modules/keys.js")
EMBED(modules_live_js, "modules/live.js")
EMBED(modules_provider_js, "modules/provider.js")
EMBED(modules_results_js, "modules/results.js")
EMBED(modules_rounds_js, "modules/rounds.js")
EMBED(modules_standing_js, "modules/standing.js")
EMBED(modules_states_js, "modules/states.js")
EMBED(modules_strip_js, "modules/strip.js")
EMBED(modules_theme_js, "modules/theme.js")
EMBED(modules_tiles_js, "modules/tiles.js")
EMBED(modules_times_js, "modules/times.js")
EMBED(modules_wall_js, "modules/wall.js")

namespace monitor::store {
namespace {

constexpr std::string_view kPage = "text/html; charset=utf-8";
constexpr std::string_view kStyle = "text/css; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";

#define FILE_AT(path, type, name)                            \
  BoardFile {                                                \
    path, type, { board_##name##_begin, board_##name##_end } \
  }

const std::array kFiles{
    FILE_AT("/", kPage, board_html),
    FILE_AT("/board.css", kStyle, board_css),
    FILE_AT("/board.js", kScript, board_js),
    FILE_AT("/modules/announce.js", kScript, modules_announce_js),
    FILE_AT("/modules/api.js", kScript, modules_api_js),
    FILE_AT("/modules/dom.js", kScript, modules_dom_js),
    FILE_AT("/modules/entries.js", kScript, modules_entries_js),
    FILE_AT("/modules/filters.js", kScript, modules_filters_js),
    FILE_AT("/modules/headline.js", kScript, modules_headline_js),
    FILE_AT("/modules/keys.js", kScript, modules_keys_js),
    FILE_AT("/modules/live.js", kScript, modules_live_js),
    FILE_AT("/modules/provider.js", kScript, modules_provider_js),
    FILE_AT("/modules/results.js", kScript, modules_results_js),
    FILE_AT("/modules/rounds.js", kScript, modules_rounds_js),
    FILE_AT("/modules/standing.js", kScript, modules_standing_js),
    FILE_AT("/modules/states.js", kScript, modules_states_js),
    FILE_AT("/modules/strip.js", kScript, modules_strip_js),
    FILE_AT("/modules/theme.js", kScript, modules_theme_js),
    FILE_AT("/modules/tiles.js", kScript, modules_tiles_js),
    FILE_AT("/modules/times.js", kScript, modules_times_js),
    FILE_AT("/modules/wall.js", kScript, modules_wall_js),
};

}  // namespace

const BoardFile* board_file(std::string_view path) {
  const auto found = std::find_if(kFiles.begin(), kFiles.end(),
                                  [&](const BoardFile& file) { return file.path == path; });
  return found == kFiles.end() ? nullptr : &*found;
}

std::vector<std::pair<std::string, std::string>> board_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
           "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"}};
}

}  // namespace monitor::store
