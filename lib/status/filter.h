// Which updates somebody wants: --provider, --kind and --impact of the formatter and of every sink.
// An option that is not given accepts everything, one given several times any of its values; an
// update must pass all of them. A value; no I/O.
#pragma once

#include <string>
#include <vector>

#include "lib/status/update.h"
#include "lib/system/options.h"

namespace monitor::status {

// As they stand on the command line.
struct FilterWords {
  std::vector<std::string> providers = {};  // slugs or names for people, in any case
  std::vector<std::string> kinds = {};
  std::vector<std::string> impacts = {};
};

void add_filter_options(system::Options& options, FilterWords& words);

class Filter {
 public:
  Filter() = default;  // accepts everything
  // The kinds and impacts must be words of the vocabulary, as the options make sure.
  explicit Filter(const FilterWords& words);

  bool accepts(const StatusUpdate& update) const;

 private:
  bool accepts_provider(const StatusUpdate& update) const;

  std::vector<std::string> providers_;  // lower case
  std::vector<Kind> kinds_;
  std::vector<Impact> impacts_;
};

}  // namespace monitor::status
