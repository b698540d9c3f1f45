// What Hund's version 2 webhooks are made of, and its issues, read apart from the rest (see
// hund.cpp, which says where all this is documented).
#pragma once

#include <optional>
#include <string>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/update.h"

namespace monitor::status::hund {

struct Event {
  json::View subject;   // the eventable: an issue, or the status or component that changed
  json::View contexts;  // what else it is about
  std::string kind;
  std::optional<system::Time> time;
};

// A text is a string, or an object of its translations that names the language it was written in.
json::View localized(json::View value);
// The elements of a list, which the API wraps: {"type": "paged_array", "data": [...]}.
json::View elements(json::View list);
// 1 up, 0 degraded, -1 out.
std::optional<State> state_of_number(json::View value);

// All but the update's id.
StatusUpdate read_issue(const Event& event, const Origin& origin);

}  // namespace monitor::status::hund
