// Messages for the operator, one line each on stderr: "PROGRAM: [LEVEL: ]TEXT". Under journald
// (stderr is its stream) each line carries the syslog priority "<N>" that journald strips. Control
// characters in TEXT are shown as '?', so that what a sender wrote can't forge a line or drive the
// terminal. Any thread; a line is one write(2).
#pragma once

#include <string_view>

namespace monitor::system {

enum class Level { debug, info, warning, error, fatal };

void log(Level level, std::string_view text);

inline void log_info(std::string_view text) { log(Level::info, text); }
inline void log_warning(std::string_view text) { log(Level::warning, text); }
inline void log_error(std::string_view text) { log(Level::error, text); }

}  // namespace monitor::system
