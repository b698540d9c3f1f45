// What readers of those who watch other people's services share (StatusGator, Statusfield): they
// tell of a service with one word for what it is now, one for what it was, and perhaps a text about
// the outage. Every function takes whatever is there and never fails.
#pragma once

#include <string>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

// A word that nobody knows is a change that people should see, so not operational.
State watched_state(json::View word);

// The text of the outage; without one the change itself: "Major outage (was operational)". A
// service that is well again is told with both, as the text stays the outage's.
std::string told_change(json::View word_now, json::View word_before, const std::string& text);

}  // namespace monitor::status
