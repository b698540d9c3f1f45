// Forms for other tools (Atom, iCalendar, SVG) as a reader of that form understands them: Debian's
// Python libraries, asked through read_form.py.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/json.h"

namespace monitor::tests {

// `form`: atom, calendar or badge. What comes back is what read_form.py prints. Throws
// std::runtime_error with what the reader said when it can't read `text`.
Json read_form(const std::string& form, std::string_view text);

}  // namespace monitor::tests
