#include "store/archive/life.h"

#include <algorithm>

namespace monitor::store {
namespace {

using status::State;

// Clocks of senders that are set by hand are minutes wrong; a local time sent as UTC is hours
// ahead.
constexpr auto kMostAhead = std::chrono::minutes(10);

const Step& step_of(Phase stands, Phase comes) {
  return *std::find_if(kLife.begin(), kLife.end(), [&](const Step& step) {
    return step.stands == stands && step.comes == comes;
  });
}

}  // namespace

Phase phase_of(State state) {
  switch (state) {
    case State::scheduled:
      return Phase::planned;
    case State::postmortem:
      return Phase::reviewed;
    default:
      return is_over(state) ? Phase::over : Phase::open;
  }
}

bool supersedes(State stands, Order order, State comes) {
  if (order != Order::same_time) {
    return order == Order::newer;
  }
  const Phase from = phase_of(stands);
  const Phase to = phase_of(comes);
  return from == to ? comes >= stands : step_of(from, to).at_same_time;
}

system::Time effective_time(system::Time told, system::Time received_at) {
  return told > received_at + kMostAhead ? received_at : told;
}

}  // namespace monitor::store
