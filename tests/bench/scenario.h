// What happened at many providers over 13 months, made up: providers with components, the lives of
// incidents and maintenances spread over them (a few have most), and when each webhook of them came
// in. The same for the same seed and end. It keeps little of each life, so that a million of
// webhooks fit the memory; story_of() makes up the rest, the same each time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/status/update.h"
#include "lib/system/clock.h"

namespace monitor::bench {

struct Part {
  std::string id;
  std::string name;
};

struct Provider {
  std::string slug;
  std::string name;
  std::string page_id;
  std::string_view format;  // statuspage, instatus or generic
  std::vector<Part> parts;
};

// An incident or a maintenance.
struct Life {
  std::uint64_t seed = 0;
  system::Time begin{};
  std::uint32_t provider = 0;
  status::Kind kind = status::Kind::incident;
  std::uint8_t told = 0;  // steps of its story that have been told; less than all: it is open
};

struct Step {
  std::string id;
  status::State state = status::State::investigating;
  std::string text;
  system::Time at{};
};

struct Story {
  std::string id;
  std::string title;
  status::Impact impact = status::Impact::none;
  std::vector<const Part*> parts;  // of the provider, impaired while it lasts
  std::vector<Step> steps;
  system::Time window_begin{};  // of a maintenance
  system::Time window_end{};
};

// One webhook: a step of a life, or what became of one of its parts at that step.
struct Telling {
  static constexpr std::uint8_t kNoPart = 255;
  system::Time received_at{};
  std::uint32_t life = 0;
  std::uint8_t step = 0;
  std::uint8_t part = kNoPart;
};

struct ScenarioSettings {
  std::size_t updates = 1'000'000;  // webhooks that tell something new; a few more come twice
  std::size_t providers = 400;
  std::uint64_t seed = 1;
  system::Time until{};
};

struct Scenario {
  std::vector<Provider> providers;
  std::vector<Life> lives;
  std::vector<Telling> tellings;  // as they came in
};

Scenario make_scenario(const ScenarioSettings& settings);
Story story_of(const Life& life, const Provider& provider);

}  // namespace monitor::bench
