#include "lib/status/filter.h"

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
  options.choices("--kind", words.kinds, {"incident", "maintenance", "component"},
                  "Only updates of this kind");
  options.choices("--impact", words.impacts, {"none", "minor", "major", "critical", "maintenance"},
                  "Only updates of this impact");
}

Filter::Filter(const FilterWords& words) {
  for (const std::string& name : words.providers) {
    providers_.push_back(lower(name));
  }
  for (const std::string& kind : words.kinds) {
    kinds_.push_back(kind_from_word(kind).value());
  }
  for (const std::string& impact : words.impacts) {
    impacts_.push_back(impact_from_word(impact).value());
  }
}

bool Filter::accepts(const StatusUpdate& update) const {
  return accepts_provider(update) && (kinds_.empty() || has(kinds_, update.kind)) &&
         (impacts_.empty() || has(impacts_, update.impact));
}

bool Filter::accepts_provider(const StatusUpdate& update) const {
  return providers_.empty() || has(providers_, lower(update.provider)) ||
         has(providers_, lower(update.provider_name));
}

}  // namespace monitor::status
