// The shape that Statuspage gave its bodies and that others took over: a page, and an incident with
// the list of its updates, or a component with its change. Words, and some keys, are each sender's
// own. Like fields.h, every function takes whatever is there and never fails.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/formats/entries.h"
#include "lib/status/update.h"

namespace monitor::status {

// "HASISSUES": Instatus has Statuspage's keys, with words in capitals.
bool is_in_capitals(json::View word);

// The sender's word for the state that a component is in now; missing when there is none.
json::View component_word(json::View body);

// How a sender calls what its incidents have.
struct IncidentKeys {
  std::string_view updates;   // the list of updates
  std::string_view owner_id;  // in an update: the incident's id
  std::string_view link;
};

std::vector<Entry> updates_of(json::View incident, const IncidentKeys& keys);

// What all of them tell alike: id, name, link, the latest update's text and id, times. The kind,
// the state, what hangs on them and a message where no update has a text are left to the caller.
StatusUpdate begin_incident(json::View body, json::View incident, const std::vector<Entry>& updates,
                            const IncidentKeys& keys, const Origin& origin);

// An incident whose state went on without an update of its own comes with the id and the text of
// the update before, which `told` another state. Gives it an id of its own, or it would be taken
// for that one's repetition. True when it did go on: the text may be out of date then.
bool tell_apart(StatusUpdate& update, std::optional<State> told);

// Does the body name a component or a state of one? The samples that senders document are forms
// with nothing filled in.
bool tells_of_component(json::View body);
// A change of one component; `state_of_word` knows the sender's words. One that it does not know is
// a change that people should see, so not operational.
StatusUpdate read_component_change(json::View body, const Origin& origin,
                                   std::optional<State> (*state_of_word)(json::View));

}  // namespace monitor::status
