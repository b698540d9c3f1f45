#include "tests/support/soundness.h"

#include <algorithm>

#include "lib/json/document.h"
#include "lib/status/formats/fields.h"
#include "lib/status/providers.h"
#include "lib/status/text.h"

namespace monitor::tests {
namespace {

using namespace status;

bool fits_its_kind(const StatusUpdate& update) {
  return update.kind == Kind::component     ? is_component_state(update.state)
         : update.kind == Kind::maintenance ? is_maintenance_state(update.state)
                                            : is_incident_state(update.state);
}

bool is_line(const std::string& text) { return to_line(text) == text; }

bool is_slug(const std::string& text) { return !text.empty() && to_slug(text) == text; }

bool is_link(const std::string& url) {
  return url.empty() || url.starts_with("http://") || url.starts_with("https://");
}

bool is_sound(const Component& component) {
  return !component.name.empty() && is_line(component.name) && is_line(component.id) &&
         (!component.state || is_component_state(*component.state));
}

bool is_sound(const PastUpdate& past) { return is_line(past.id) && is_line(past.message); }

template <typename Range>
bool all_sound(const Range& range) {
  return std::all_of(range.begin(), range.end(), [](const auto& one) { return is_sound(one); });
}

bool is_two_lines(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') == 2 && text.ends_with('\n');
}

struct Rule {
  std::string_view broken;
  bool (*holds)(const StatusUpdate& update);
};

using U = const StatusUpdate&;
constexpr Rule kRules[] = {
    {"no incident_id", [](U u) { return !u.incident_id.empty(); }},
    {"no message", [](U u) { return !u.message.empty(); }},
    {"provider is no slug", [](U u) { return is_slug(u.provider); }},
    {"no provider_name", [](U u) { return !u.provider_name.empty(); }},
    {"the status is none of its kind", fits_its_kind},
    {"url is no link", [](U u) { return is_link(u.url); }},
    {"provider_name is no clean line", [](U u) { return is_line(u.provider_name); }},
    {"incident_id is no clean line", [](U u) { return is_line(u.incident_id); }},
    {"name is no clean line", [](U u) { return is_line(u.name); }},
    {"url is no clean line", [](U u) { return is_line(u.url); }},
    {"message is no clean line", [](U u) { return is_line(u.message); }},
    {"update_id is no clean line", [](U u) { return is_line(u.update_id); }},
    {"an unsound component", [](U u) { return all_sound(u.components); }},
    {"too many components", [](U u) { return u.components.size() <= kMaxComponents; }},
    {"an unsound earlier update", [](U u) { return all_sound(u.history); }},
    {"too many earlier updates", [](U u) { return u.history.size() <= kMaxHistory; }},
    {"the time of arrival stands in for none",
     [](U u) { return u.happened_at_known || u.happened_at == u.received_at; }},
    {"not two lines of text", [](U u) { return is_two_lines(to_text(u, 4000)); }},
    {"no JSON is made of it", [](U u) { return !json::scan(to_json(u)); }},
};

bool has_id_or_time(const StatusUpdate& update) {
  return !update.update_id.empty() || update.happened_at_known;
}

}  // namespace

std::optional<Origin> arrival(std::string_view body, const Format* format, int times) {
  static const Providers providers = Providers::shipped();
  ClueCollector collector(format);
  if (json::scan(body, &collector)) {
    return std::nullopt;
  }
  const Identity identity = providers.identify("", collector.take());
  Origin origin;
  origin.provider = identity.slug;
  origin.provider_name = identity.name;
  origin.received_at = system::from_microseconds(1790000000000000 + times * 60'000'000);
  origin.stream = "s";
  origin.seq = static_cast<std::uint64_t>(times);
  return origin;
}

std::string problem_in(const StatusUpdate& update) {
  for (const Rule& rule : kRules) {
    if (!rule.holds(update)) {
      return std::string(rule.broken) + ": " + to_json(update);
    }
  }
  return "";
}

std::string problem_in(const Reading& reading) {
  for (const StatusUpdate& update : reading.updates) {
    if (std::string problem = problem_in(update); !problem.empty()) {
      return problem;
    }
  }
  return "";
}

std::string problem_between(const Reading& first, const Reading& again) {
  if (first.updates.size() != again.updates.size()) {
    return "the same body, later: another number of updates";
  }
  for (std::size_t i = 0; i < first.updates.size(); ++i) {
    const StatusUpdate& update = first.updates[i];
    if (has_id_or_time(update) && update.key() != again.updates[i].key()) {
      return "the same body, later: another key: " + to_json(update);
    }
  }
  return "";
}

}  // namespace monitor::tests
