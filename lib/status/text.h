// Text from senders made fit for one line of a terminal, a log or a chat. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace monitor::status {

// One line of clean UTF-8: white space of all kinds folds to one space (none at the ends); control
// characters, C1 and bidirectional overrides included, are dropped; bytes that are not UTF-8 become
// U+FFFD.
std::string to_line(std::string_view text);

// The same for text that may be HTML: known tags go (block tags and <br> become a space, script and
// style go with their content), character references are decoded. Text that only looks like HTML
// ("latency < 5 ms", "AT&T") stays.
std::string html_to_line(std::string_view html);

// At most `max` code points; when cut, the last one is an ellipsis. 0: never cut.
std::string cut(std::string_view text, std::size_t max);

// "GitHub (EU)" -> "github-eu": lower case ASCII letters and digits, everything else a single dash,
// none at the ends. Empty when nothing is left. At most kMaxSlug bytes.
inline constexpr std::size_t kMaxSlug = 64;
std::string to_slug(std::string_view name);

}  // namespace monitor::status
