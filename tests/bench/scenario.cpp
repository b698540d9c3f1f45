#include "tests/bench/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "lib/status/text.h"
#include "tests/bench/random.h"
#include "tests/bench/wording.h"

namespace monitor::bench {
namespace {

using namespace std::chrono_literals;
using status::Impact;
using status::Kind;
using status::State;

constexpr auto kSpan = std::chrono::hours(24) * 396;  // 13 months
constexpr std::size_t kOpenIncidents = 50;
constexpr std::size_t kMaintenancesToCome = 20;
constexpr int kPercentMaintenances = 15;
constexpr int kPercentLate = 1;
constexpr int kPercentRepeated = 1;

constexpr State kIncidentStates[] = {State::investigating, State::identified, State::monitoring};
constexpr Impact kImpacts[] = {Impact::none,  Impact::minor, Impact::minor,   Impact::minor,
                               Impact::major, Impact::major, Impact::critical};

// Of twenty pages one is Instatus's and one some sender of its user's own.
std::string_view format_of(std::size_t index) {
  return index % 20 == 7 ? "instatus" : index % 20 == 13 ? "generic" : "statuspage";
}

Provider make_provider(std::size_t index, std::uint64_t seed) {
  Random random(seed * 1'000'003 + index);
  Provider provider{.slug = {},
                    .name = provider_name(index),
                    .page_id = random.id(),
                    .format = format_of(index),
                    .parts = {}};
  provider.slug = status::to_slug(provider.name);
  for (std::string& name :
       component_names(random, static_cast<std::size_t>(random.between(10, 30)))) {
    provider.parts.push_back({random.id(), std::move(name)});
  }
  return provider;
}

system::Time later(system::Time time, Random& random, std::chrono::seconds least,
                   std::chrono::seconds most) {
  return time +
         std::chrono::milliseconds(random.between(least.count() * 1000, most.count() * 1000));
}

void add_step(Story& story, Random& random, State state, system::Time at) {
  story.steps.push_back(
      {random.id(), state, sentence(random, state, story.parts.front()->name), at});
}

// 2 to 8 steps, more often few than many.
void tell_incident(Story& story, Random& random, system::Time begin) {
  const std::int64_t steps = 2 + std::min(random.between(0, 6), random.between(0, 6));
  for (std::int64_t i = 0; i + 1 < steps; ++i) {
    add_step(story, random, kIncidentStates[i * 3 / (steps - 1)], begin);
    begin = later(begin, random, 5min, 3h);
  }
  add_step(story, random, State::resolved, begin);
}

void tell_maintenance(Story& story, Random& random, system::Time begin) {
  story.window_begin = later(begin, random, 24h, 14 * 24h);
  story.window_end = later(story.window_begin, random, 30min, 6h);
  add_step(story, random, State::scheduled, begin);
  add_step(story, random, State::in_progress, story.window_begin);
  if (random.chance(50)) {
    add_step(story, random, State::verifying, story.window_end - 10min);
  }
  add_step(story, random, State::completed, story.window_end);
}

void choose_parts(Story& story, Random& random, const Provider& provider) {
  const std::int64_t count = 1 + std::min(random.between(0, 2), random.between(0, 2));
  const auto first = static_cast<std::size_t>(random.next() % provider.parts.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    story.parts.push_back(&provider.parts[(first + 3 * i) % provider.parts.size()]);
  }
}

// Makes up the lives, so many updates of them as are wanted.
class Chronicle {
 public:
  explicit Chronicle(const ScenarioSettings& settings)
      : settings_(settings), random_(settings.seed), zipf_(settings.providers) {
    for (std::size_t i = 0; i < settings.providers; ++i) {
      scenario_.providers.push_back(make_provider(i, settings.seed));
    }
  }

  Scenario write() {
    for (std::size_t i = 0; i < kOpenIncidents && wants_more(); ++i) {
      add_open_incident();
    }
    for (std::size_t i = 0; i < kMaintenancesToCome && wants_more(); ++i) {
      add_maintenance_to_come();
    }
    while (wants_more()) {
      add_finished();
    }
    std::sort(scenario_.tellings.begin(), scenario_.tellings.end(),
              [](const Telling& a, const Telling& b) {
                return std::tie(a.received_at, a.life, a.step, a.part) <
                       std::tie(b.received_at, b.life, b.step, b.part);
              });
    return std::move(scenario_);
  }

 private:
  bool wants_more() const { return updates_ < settings_.updates; }

  Life new_life(Kind kind) {
    Life life{.seed = random_.next(), .begin = {}, .provider = 0, .kind = kind, .told = 0};
    life.provider = static_cast<std::uint32_t>(zipf_.draw(random_));
    return life;
  }

  Story story(const Life& life) const { return story_of(life, scenario_.providers[life.provider]); }

  // Shifted so that the step is at `at`.
  void add(Life life, std::size_t step, system::Time at, std::size_t told) {
    life.begin = at - (story(life).steps[step].at - life.begin);
    life.told = static_cast<std::uint8_t>(told);
    scenario_.lives.push_back(life);
    tell(story(life), told);
  }

  void add_finished() {
    const Life life =
        new_life(random_.chance(kPercentMaintenances) ? Kind::maintenance : Kind::incident);
    const std::size_t steps = story(life).steps.size();
    const auto ago = std::chrono::seconds(random_.between(0, std::chrono::seconds(kSpan).count()));
    add(life, steps - 1, settings_.until - ago - 3h, steps);
  }

  void add_open_incident() {
    const Life life = new_life(Kind::incident);
    const auto last = static_cast<std::size_t>(
        random_.between(0, static_cast<std::int64_t>(story(life).steps.size()) - 2));
    add(life, last, later(settings_.until, random_, -72h, -3h), last + 1);
  }

  void add_maintenance_to_come() {
    add(new_life(Kind::maintenance), 1, later(settings_.until, random_, 1h, 20h), 1);
  }

  void tell(const Story& story, std::size_t told) {
    for (std::size_t step = 0; step < told; ++step) {
      deliver(story.steps[step].at, step, Telling::kNoPart);
    }
    const bool over = told == story.steps.size();
    const std::size_t first = story.window_begin == system::Time{} ? 0 : 1;
    for (std::size_t part = 0; part < story.parts.size() && told > first; ++part) {
      deliver(story.steps[first].at + 10s, first, part);
      if (over) {
        deliver(story.steps[told - 1].at + 10s, told - 1, part);
      }
    }
  }

  // Most arrive at once; some after what came later, some twice.
  void deliver(system::Time at, std::size_t step, std::size_t part) {
    const auto received =
        random_.chance(kPercentLate) ? later(at, random_, 10min, 2h) : later(at, random_, 1s, 5s);
    Telling telling{received, static_cast<std::uint32_t>(scenario_.lives.size() - 1),
                    static_cast<std::uint8_t>(step), static_cast<std::uint8_t>(part)};
    scenario_.tellings.push_back(telling);
    if (random_.chance(kPercentRepeated)) {
      telling.received_at = later(received, random_, 10s, 60s);
      scenario_.tellings.push_back(telling);
    }
    ++updates_;
  }

  const ScenarioSettings& settings_;
  Random random_;
  Zipf zipf_;
  std::size_t updates_ = 0;
  Scenario scenario_;
};

}  // namespace

Scenario make_scenario(const ScenarioSettings& settings) { return Chronicle(settings).write(); }

Story story_of(const Life& life, const Provider& provider) {
  Random random(life.seed);
  Story story;
  story.id = random.id();
  choose_parts(story, random, provider);
  const std::string& part = story.parts.front()->name;
  const bool planned = life.kind == Kind::maintenance;
  story.title = planned ? maintenance_title(random, part) : incident_title(random, part);
  story.impact = planned ? Impact::maintenance : random.pick(kImpacts);
  planned ? tell_maintenance(story, random, life.begin) : tell_incident(story, random, life.begin);
  return story;
}

}  // namespace monitor::bench
