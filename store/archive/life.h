// The life of an incident, a maintenance or a component's own entry as one table: what stands, what
// a body brings, and whether the body takes its place. Pure; IncidentRows asks for every update.
//
// The sender's time decides, not the order of arrival: an older body adds its updates to the
// history and changes nothing else, a newer one always takes the place of what stands. What is left
// are equal times (a page that tells two steps within its clock's resolution, or dates by the day),
// where the table decides so that every order of arrival ends alike.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "lib/status/update.h"

namespace monitor::store {

// Where an entry stands; the states of each kind in the order of its life.
enum class Phase {
  planned,   // scheduled
  open,      // investigating, identified, monitoring; in_progress, verifying; not operational
  over,      // resolved; completed; operational
  reviewed,  // postmortem
};
Phase phase_of(status::State state);

struct Step {
  Phase stands;
  Phase comes;
  bool at_same_time;  // takes place at equal times too; else only when it is newer
  std::string_view what;
};

inline constexpr std::array<Step, 16> kLife{{
    // stands          comes            same   what it is
    {Phase::planned, Phase::planned, true, "told again, or moved"},
    {Phase::planned, Phase::open, true, "begins"},
    {Phase::planned, Phase::over, true, "called off, or told when it was done"},
    {Phase::planned, Phase::reviewed, true, "reviewed"},
    {Phase::open, Phase::planned, false, "put off"},
    {Phase::open, Phase::open, true, "goes on"},
    {Phase::open, Phase::over, true, "ends"},
    {Phase::open, Phase::reviewed, true, "ends with its review"},
    {Phase::over, Phase::planned, false, "planned anew"},
    {Phase::over, Phase::open, false, "reopens"},
    {Phase::over, Phase::over, true, "told again"},
    {Phase::over, Phase::reviewed, true, "reviewed; it ended when it was over"},
    {Phase::reviewed, Phase::planned, false, "planned anew"},
    {Phase::reviewed, Phase::open, false, "reopens"},
    {Phase::reviewed, Phase::over, false, "review withdrawn"},
    {Phase::reviewed, Phase::reviewed, true, "review edited"},
}};

enum class Order { older, same_time, newer };

// Whether `comes`, told at that time, takes the place of `stands`. Within a phase at equal times
// the word that is further along stands, of a component the worse one.
bool supersedes(status::State stands, Order order, status::State comes);

// The time that orders a body: the sender's, unless it lies further ahead of the arrival than
// clocks go wrong. A time in the future would hold the entry against all that comes after it.
system::Time effective_time(system::Time told, system::Time received_at);

}  // namespace monitor::store
