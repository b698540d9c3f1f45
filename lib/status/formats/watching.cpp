#include "lib/status/formats/watching.h"

#include "lib/status/formats/building.h"

namespace monitor::status {

State watched_state(json::View word) {
  return service_state(word).value_or(State::degraded_performance);
}

std::string told_change(json::View word_now, json::View word_before, const std::string& text) {
  if (!text.empty() && watched_state(word_now) != State::operational) {
    return text;
  }
  return joined(service_change(word_now, word_before), text);
}

}  // namespace monitor::status
