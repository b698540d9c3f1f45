// What must hold of every StatusUpdate, whatever stood in the body that it was read from; and a
// body's arrival as the receiver tells it to subscribers. For unit tests and fuzz targets alike, so
// it knows no test framework: what is wrong comes back as text, and "" is sound.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/status/format.h"
#include "lib/status/update.h"

namespace monitor::tests {

// The `times`th arrival of `body`, sent to /webhook/FORMAT; `format` null is "auto". Nothing when
// the body is refused, being no JSON.
std::optional<status::Origin> arrival(std::string_view body, const status::Format* format,
                                      int times);

std::string problem_in(const status::StatusUpdate& update);
// The first problem of its updates.
std::string problem_in(const status::Reading& reading);
// Two readings of one body that came twice: the same updates, with the same keys where the sender
// gives an update an id or a time.
std::string problem_between(const status::Reading& first, const status::Reading& again);

}  // namespace monitor::tests
