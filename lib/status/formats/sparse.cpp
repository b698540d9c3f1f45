#include "lib/status/formats/sparse.h"

#include "lib/status/formats/fields.h"

namespace monitor::status {
namespace {

State planned_state(std::optional<system::Time> start, std::optional<system::Time> end,
                    system::Time at) {
  constexpr system::Time kNever = system::Time::max();
  if (end.value_or(kNever) <= at) {
    return State::completed;
  }
  return start.value_or(kNever) <= at ? State::in_progress : State::scheduled;
}

std::string_view title_of(const StatusUpdate& update) {
  return !update.name.empty()               ? std::string_view(update.name)
         : update.kind == Kind::maintenance ? "Maintenance"
                                            : "Incident";
}

}  // namespace

std::optional<Component> numbered_component(std::string_view noun, json::View id) {
  std::string text = id_text(id);
  if (text.empty()) {
    return std::nullopt;
  }
  std::string name = std::string(noun) + " " + text;
  return Component{std::move(text), std::move(name), std::nullopt};
}

void set_planned(StatusUpdate& update, std::optional<system::Time> start,
                 std::optional<system::Time> end, std::optional<State> told) {
  update.kind = Kind::maintenance;
  update.impact = Impact::maintenance;
  update.state = told ? *told : planned_state(start, end, update.happened_at);
  update.scheduled_for = start;
  update.scheduled_until = end;
  if (is_over(update.state)) {
    update.resolved_at = end;
  }
}

void set_deleted(StatusUpdate& update) {
  update.state = update.kind == Kind::maintenance ? State::completed
                 : update.kind == Kind::component ? State::operational
                                                  : State::resolved;
  update.message = std::string(title_of(update)) + " (deleted)";
}

}  // namespace monitor::status
