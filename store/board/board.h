// The board, the page at GET /, and what it loads: files of this folder, in the program as they
// are. Nothing of it comes from elsewhere and nothing that senders wrote is in it: it reads the
// API.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace monitor::store {

struct BoardFile {
  std::string_view path;  // of the request
  std::string_view content_type;
  std::string_view content;
};

// Nothing for a path that is none of the board's.
const BoardFile* board_file(std::string_view path);

// That a browser runs and loads nothing but these files, whatever gets into the page.
std::vector<std::pair<std::string, std::string>> board_headers();

}  // namespace monitor::store
