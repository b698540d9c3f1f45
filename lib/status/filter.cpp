#include "lib/status/filter.h"

#include <fnmatch.h>

#include <algorithm>

namespace monitor::status {
namespace {

// ASCII only: a name with other letters must be given as it is written.
std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

template <typename T>
bool has(const std::vector<T>& list, const T& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

void add_filter_options(system::Options& options, FilterWords& words) {
  options.texts("--provider", words.providers, "NAME",
                "Only updates of this provider: its slug or its name");
  options.texts("--component", words.components, "GLOB",
                "Only updates that list such a component, by id or name: \"API*\"");
  options.choices("--kind", words.kinds, {"incident", "maintenance", "component"},
                  "Only updates of this kind");
  options.choices("--impact", words.impacts, {"none", "minor", "major", "critical", "maintenance"},
                  "Only updates of this impact");
  options.choice("--min-impact", words.min_impact, {"none", "minor", "major", "critical"},
                 "Only updates of this impact or a worse one; maintenance is not asked");
  options.choices("--status", words.states,
                  {"investigating", "identified", "monitoring", "resolved", "postmortem",
                   "scheduled", "in_progress", "verifying", "completed", "operational",
                   "degraded_performance", "partial_outage", "major_outage", "under_maintenance"},
                  "Only updates of this status");
  options.toggle("--skip-maintenance", words.skip_maintenance, "No updates of maintenance");
}

std::optional<Impact> weight_of(const StatusUpdate& update) {
  if (update.kind == Kind::maintenance || update.impact == Impact::maintenance ||
      update.state == State::under_maintenance) {
    return std::nullopt;
  }
  return update.impact != Impact::none ? update.impact : impact_of(update.state);
}

Filter::Filter(const FilterWords& words)
    : min_impact_(impact_from_word(words.min_impact).value_or(Impact::none)),
      skip_maintenance_(words.skip_maintenance) {
  for (const std::string& name : words.providers) {
    providers_.push_back(lower(name));
  }
  for (const std::string& glob : words.components) {
    components_.push_back(lower(glob));
  }
  for (const std::string& kind : words.kinds) {
    kinds_.push_back(kind_from_word(kind).value());
  }
  for (const std::string& impact : words.impacts) {
    impacts_.push_back(impact_from_word(impact).value());
  }
  for (const std::string& state : words.states) {
    states_.push_back(state_from_word(state).value());
  }
}

bool Filter::wants(const StatusUpdate& update) const {
  return wants_provider(update) && wants_component(update) &&
         (kinds_.empty() || has(kinds_, update.kind)) &&
         (impacts_.empty() || has(impacts_, update.impact)) &&
         (states_.empty() || has(states_, update.state)) &&
         !(skip_maintenance_ && !weight_of(update));
}

bool Filter::is_grave(const StatusUpdate& update) const {
  return weight_of(update).value_or(min_impact_) >= min_impact_;
}

bool Filter::wants_provider(const StatusUpdate& update) const {
  return providers_.empty() || has(providers_, lower(update.provider)) ||
         has(providers_, lower(update.provider_name));
}

bool Filter::wants_component(const StatusUpdate& update) const {
  return components_.empty() ||
         (update.kind == Kind::component && is_of_component(update.incident_id, update.name)) ||
         std::any_of(update.components.begin(), update.components.end(),
                     [&](const Component& one) { return is_of_component(one.id, one.name); });
}

bool Filter::is_of_component(const std::string& id, const std::string& name) const {
  const std::string lower_id = lower(id);
  const std::string lower_name = lower(name);
  return std::any_of(components_.begin(), components_.end(), [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), lower_id.c_str(), 0) == 0 ||
           ::fnmatch(glob.c_str(), lower_name.c_str(), 0) == 0;
  });
}

}  // namespace monitor::status
