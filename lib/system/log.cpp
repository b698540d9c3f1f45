#include "lib/system/log.h"

#include <errno.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace monitor::system {
namespace {

// $JOURNAL_STREAM is "DEVICE:INODE" of the stream that systemd connected, see systemd.exec(5).
bool stderr_is_the_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat st {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &st) == 0 &&
         fmt::format("{}:{}", st.st_dev, st.st_ino) == stream;
}

struct Style {
  std::string_view label;
  int priority;  // sd-daemon(3)
};

Style style_of(Level level) {
  switch (level) {
    case Level::debug:
      return {"debug: ", 7};
    case Level::info:
      return {"", 6};
    case Level::warning:
      return {"warning: ", 4};
    case Level::error:
      return {"error: ", 3};
    case Level::fatal:
      return {"fatal: ", 2};
  }
  return {"", 6};
}

}  // namespace

void log(Level level, std::string_view text) {
  static const bool journal = stderr_is_the_journal();
  const Style style = style_of(level);
  std::string line = journal ? fmt::format("<{}>", style.priority) : std::string();
  line += fmt::format("{}: {}", program_invocation_short_name, style.label);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += (byte < 0x20 || byte == 0x7f) ? '?' : c;
  }
  line += '\n';
  // Nobody is left to tell when stderr itself fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace monitor::system
