// Which updates somebody wants: the options that the formatter and every sink share. An option that
// is not given accepts everything, one given several times any of its values; an update must pass
// all of them. A value; no I/O.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/status/update.h"
#include "lib/system/options.h"

namespace monitor::status {

// As they stand on the command line.
struct FilterWords {
  std::vector<std::string> providers = {};   // slugs or names for people, in any case
  std::vector<std::string> components = {};  // globs over ids and names, in any case
  std::vector<std::string> kinds = {};
  std::vector<std::string> impacts = {};
  std::vector<std::string> states = {};
  std::string min_impact = {};  // none, minor, major or critical
  bool skip_maintenance = false;
};

void add_filter_options(system::Options& options, FilterWords& words);

// How bad it is, for --min-impact: the impact; of a component that bears none, what its state
// amounts to. Nothing for maintenance, which is no fault.
std::optional<Impact> weight_of(const StatusUpdate& update);

class Filter {
 public:
  Filter() = default;  // accepts everything
  // The kinds and impacts must be words of the vocabulary, as the options make sure.
  explicit Filter(const FilterWords& words);

  // wants() and is grave enough.
  bool accepts(const StatusUpdate& update) const { return wants(update) && is_grave(update); }
  // All but --min-impact.
  bool wants(const StatusUpdate& update) const;
  bool is_grave(const StatusUpdate& update) const;

 private:
  bool wants_provider(const StatusUpdate& update) const;
  bool wants_component(const StatusUpdate& update) const;
  bool is_of_component(const std::string& id, const std::string& name) const;

  std::vector<std::string> providers_;   // lower case
  std::vector<std::string> components_;  // lower case
  std::vector<Kind> kinds_;
  std::vector<Impact> impacts_;
  std::vector<State> states_;
  Impact min_impact_ = Impact::none;
  bool skip_maintenance_ = false;
};

}  // namespace monitor::status
