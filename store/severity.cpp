#include "store/severity.h"

namespace monitor::store {

using status::Impact;
using status::State;

int severity_of(State state) {
  switch (state) {
    case State::under_maintenance:
      return 1;
    case State::degraded_performance:
      return 2;
    case State::partial_outage:
      return 3;
    case State::major_outage:
      return 4;
    default:
      return 0;
  }
}

State state_by(Impact impact) {
  switch (impact) {
    case Impact::critical:
      return State::major_outage;
    case Impact::major:
      return State::partial_outage;
    case Impact::maintenance:
      return State::under_maintenance;
    default:
      return State::degraded_performance;
  }
}

State component_state(std::string_view word) {
  return status::state_from_word(word).value_or(State::operational);
}

State state_by_impact(std::string_view word) {
  return state_by(status::impact_from_word(word).value_or(Impact::none));
}

State worse_of(State state, State other) {
  return severity_of(other) > severity_of(state) ? other : state;
}

}  // namespace monitor::store
