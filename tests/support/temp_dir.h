// Files of a test: a directory of its own that is gone afterwards, and whole files in one call.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace monitor::tests {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // "DIRECTORY/NAME" as text.
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Throw std::runtime_error naming the file.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view content);
void make_executable(const std::filesystem::path& path);

// Without the newlines; a last line without one counts too.
std::vector<std::string> lines_of(std::string_view text);
// Of a file that may not be there yet; what follows its last newline is still being written and
// left out.
std::vector<std::string> lines_of_file(const std::filesystem::path& path);

// The top of the project's tree: where the tests find scripts/, README.md and tests/data.
std::filesystem::path source_root();

}  // namespace monitor::tests
