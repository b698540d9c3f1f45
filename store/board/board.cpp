#include "store/board/board.h"

#include <algorithm>
#include <array>

#include "lib/system/embedded.h"

EMBED_FILE(board_html, "store/board/board.html")
EMBED_FILE(board_css, "store/board/board.css")
EMBED_FILE(board_js, "store/board/board.js")
EMBED_FILE(board_modules_announce_js, "store/board/modules/announce.js")
EMBED_FILE(board_modules_api_js, "store/board/modules/api.js")
EMBED_FILE(board_modules_dom_js, "store/board/modules/dom.js")
EMBED_FILE(board_modules_entries_js, "store/board/modules/entries.js")
EMBED_FILE(board_modules_filters_js, "store/board/modules/filters.js")
EMBED_FILE(board_modules_headline_js, "store/board/modules/headline.js")
EMBED_FILE(board_modules_keys_js, "store/board/modules/keys.js")
EMBED_FILE(board_modules_live_js, "store/board/modules/live.js")
EMBED_FILE(board_modules_provider_js, "store/board/modules/provider.js")
EMBED_FILE(board_modules_results_js, "store/board/modules/results.js")
EMBED_FILE(board_modules_rounds_js, "store/board/modules/rounds.js")
EMBED_FILE(board_modules_standing_js, "store/board/modules/standing.js")
EMBED_FILE(board_modules_states_js, "store/board/modules/states.js")
EMBED_FILE(board_modules_strip_js, "store/board/modules/strip.js")
EMBED_FILE(board_modules_theme_js, "store/board/modules/theme.js")
EMBED_FILE(board_modules_tiles_js, "store/board/modules/tiles.js")
EMBED_FILE(board_modules_times_js, "store/board/modules/times.js")
EMBED_FILE(board_modules_wall_js, "store/board/modules/wall.js")

namespace monitor::store {
namespace {

constexpr std::string_view kPage = "text/html; charset=utf-8";
constexpr std::string_view kStyle = "text/css; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";

const std::array kFiles{
    BoardFile{"/", kPage, EMBEDDED(board_html)},
    BoardFile{"/board.css", kStyle, EMBEDDED(board_css)},
    BoardFile{"/board.js", kScript, EMBEDDED(board_js)},
    BoardFile{"/modules/announce.js", kScript, EMBEDDED(board_modules_announce_js)},
    BoardFile{"/modules/api.js", kScript, EMBEDDED(board_modules_api_js)},
    BoardFile{"/modules/dom.js", kScript, EMBEDDED(board_modules_dom_js)},
    BoardFile{"/modules/entries.js", kScript, EMBEDDED(board_modules_entries_js)},
    BoardFile{"/modules/filters.js", kScript, EMBEDDED(board_modules_filters_js)},
    BoardFile{"/modules/headline.js", kScript, EMBEDDED(board_modules_headline_js)},
    BoardFile{"/modules/keys.js", kScript, EMBEDDED(board_modules_keys_js)},
    BoardFile{"/modules/live.js", kScript, EMBEDDED(board_modules_live_js)},
    BoardFile{"/modules/provider.js", kScript, EMBEDDED(board_modules_provider_js)},
    BoardFile{"/modules/results.js", kScript, EMBEDDED(board_modules_results_js)},
    BoardFile{"/modules/rounds.js", kScript, EMBEDDED(board_modules_rounds_js)},
    BoardFile{"/modules/standing.js", kScript, EMBEDDED(board_modules_standing_js)},
    BoardFile{"/modules/states.js", kScript, EMBEDDED(board_modules_states_js)},
    BoardFile{"/modules/strip.js", kScript, EMBEDDED(board_modules_strip_js)},
    BoardFile{"/modules/theme.js", kScript, EMBEDDED(board_modules_theme_js)},
    BoardFile{"/modules/tiles.js", kScript, EMBEDDED(board_modules_tiles_js)},
    BoardFile{"/modules/times.js", kScript, EMBEDDED(board_modules_times_js)},
    BoardFile{"/modules/wall.js", kScript, EMBEDDED(board_modules_wall_js)},
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
