// What every experiment needs: how long and from which seed it runs, and what must hold after any
// fault: whatever was answered 200 reaches everybody, in order, and the store has it once.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/pipeline.h"

namespace monitor::tests {

// Fixed, so that a failure can be seen again; $SEED makes it another run.
unsigned seed();
// `usual` in `make check`, $SOAK times as many in `make soak`.
int rounds(int usual);

// The ids of the incidents in lines of JSON; a line that is none fails the test.
std::vector<std::string> incident_ids(const std::vector<std::string>& lines);
// How many of `accepted` are not among the incidents of `lines`.
std::size_t missing(const std::set<std::string>& accepted, const std::vector<std::string>& lines);
// Repetitions after a crash go back and then on without a gap; nothing is ever skipped.
void check_order(const std::vector<std::string>& lines);

// How often the store has each incident, over all pages of its list.
std::map<std::string, int> stored_incidents(Pipeline& pipeline);
// A number of the store's /health; -1 when it doesn't answer.
std::int64_t health_number(Pipeline& pipeline, const char* key);
// Waits until the store has applied `kept` events; then it has each of `accepted` once, and as many
// incidents as there were events: more may be kept than was answered 200, but nothing twice.
void check_store(Pipeline& pipeline, const std::set<std::string>& accepted, std::int64_t kept);

}  // namespace monitor::tests
