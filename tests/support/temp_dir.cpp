#include "tests/support/temp_dir.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace monitor::tests {

namespace fs = std::filesystem;

TempDir::TempDir() {
  // Short: the path of a Unix socket in it has to fit into 107 bytes.
  const char* const base = std::getenv("TMPDIR");
  std::string name = std::string(base != nullptr ? base : "/tmp") + "/smt-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot make the temporary directory " + name);
  }
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;  // a test's verdict doesn't hang on it
  fs::remove_all(path_, ignored);
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error("cannot read " + path.string());
  }
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

void write_file(const fs::path& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

void make_executable(const fs::path& path) {
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<std::string> lines_of_file(const fs::path& path) {
  if (!fs::exists(path)) {
    return {};
  }
  const std::string text = read_file(path);
  return lines_of(std::string_view(text).substr(0, text.rfind('\n') + 1));
}

fs::path source_root() {
  for (fs::path place : {fs::current_path(), fs::canonical("/proc/self/exe")}) {
    for (; place.has_relative_path(); place = place.parent_path()) {
      if (fs::exists(place / "scripts" / "run") && fs::exists(place / "Makefile")) {
        return place;
      }
    }
  }
  throw std::runtime_error("cannot find the project's tree: run the tests inside it");
}

}  // namespace monitor::tests
