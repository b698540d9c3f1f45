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

// C1, of which U+009B begins an escape sequence, is two bytes in UTF-8: 0xC2 and itself.
bool begins_c1(std::string_view text) {
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

void log(Level level, std::string_view text) {
  static const bool journal = stderr_is_the_journal();
  const Style style = style_of(level);
  std::string line = journal ? fmt::format("<{}>", style.priority) : std::string();
  line += fmt::format("{}: {}", program_invocation_short_name, style.label);
  while (!text.empty()) {
    const bool c1 = begins_c1(text);
    line += c1 || is_control(text.front()) ? '?' : text.front();
    text.remove_prefix(c1 ? 2 : 1);
  }
  line += '\n';
  // Nobody is left to tell when stderr itself fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace monitor::system
