// How bad a state is beside another: what "worst" means wherever the store says it. Pure.
#pragma once

#include <string_view>

#include "lib/status/update.h"

namespace monitor::store {

// 0 operational, 1 under_maintenance (planned, so no fault), 2 degraded_performance,
// 3 partial_outage, 4 major_outage. Of component states only.
int severity_of(status::State state);
// How a provider is while an incident of this impact is open, and a component that it lists without
// a word. None is the least that is one: many senders don't tell, and nobody opens an incident over
// nothing.
status::State state_by(status::Impact impact);

// The same of words as the database keeps them; one that is none counts as operational, or as no
// impact.
status::State component_state(std::string_view word);
status::State state_by_impact(std::string_view word);

// The first, unless the other is worse.
status::State worse_of(status::State state, status::State other);

}  // namespace monitor::store
