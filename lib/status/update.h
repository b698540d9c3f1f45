// StatusUpdate: what every sender's webhook becomes, and the words it is made of. A value; no
// thread, no I/O. All text in it is UTF-8 on one line without control characters (see text.h);
// times are UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/system/clock.h"

namespace monitor::status {

enum class Kind { incident, maintenance, component };

// Ordered: a later one is worse, except that maintenance is no fault at all (see severity_of()).
enum class Impact { none, minor, major, critical, maintenance };

// The words of the vocabulary. An incident is investigating | identified | monitoring | resolved |
// postmortem, a maintenance scheduled | in_progress | verifying | completed, a component
// operational | degraded_performance | partial_outage | major_outage | under_maintenance. One enum,
// because one field (`status`) holds them.
enum class State {
  investigating,
  identified,
  monitoring,
  resolved,
  postmortem,
  scheduled,
  in_progress,
  verifying,
  completed,
  operational,
  degraded_performance,
  partial_outage,
  major_outage,
  under_maintenance,
};

std::string_view word(Kind kind);
std::string_view word(Impact impact);
std::string_view word(State state);
std::optional<Kind> kind_from_word(std::string_view word);
std::optional<Impact> impact_from_word(std::string_view word);
std::optional<State> state_from_word(std::string_view word);

// True when nothing is open any more: resolved, postmortem, completed, operational.
bool is_over(State state);
// How bad it is when one component is in this state; none for other states.
Impact impact_of(State component_state);
// "degraded performance": the word as a person writes it in a sentence, and at its beginning.
std::string plain(State state);
std::string spoken(State state);

struct Component {
  std::string id;    // the sender's, may be empty
  std::string name;  // never empty
  std::optional<State> state;

  bool operator==(const Component&) const = default;
};

// An earlier update of the same incident that came along in the same body.
struct PastUpdate {
  std::string id;  // the sender's, may be empty
  std::optional<State> state;
  std::string message;
  std::optional<system::Time> happened_at;
};

struct StatusUpdate {
  std::string provider;       // slug: [a-z0-9-]+
  std::string provider_name;  // for people
  Kind kind = Kind::incident;
  std::string incident_id;  // of a component update: the component's id; never empty
  std::string name;         // the incident's or component's title, may be empty
  std::string url;          // http(s) only, else empty
  Impact impact = Impact::none;
  State state = State::investigating;
  std::vector<Component> components;
  std::string message;    // the status line: what a person is told; never empty
  std::string update_id;  // the sender's id of this update; empty when it gives none

  system::Time happened_at{};                 // the sender's time of this update, else received_at
  bool happened_at_known = true;              // false: the sender's time was missing or unreadable
  std::optional<system::Time> created_at;     // when the incident began
  std::optional<system::Time> resolved_at;    // when it ended, if the sender says so
  std::optional<system::Time> scheduled_for;  // maintenance window
  std::optional<system::Time> scheduled_until;

  system::Time received_at{};  // ours
  std::string stream;          // of the feed, empty outside it
  std::uint64_t seq = 0;
  bool test = false;  // injected by POST /test

  std::vector<PastUpdate> history;  // newest first; not part of the JSON form

  // Same key = same update, however often it is delivered: provider, kind, incident and update id;
  // where the sender gives no update id, its time, state and text stand in for it. Opaque, at most
  // 64 bytes. An update with neither id nor time of its own is told apart by when it arrived:
  // better twice than not at all.
  std::string key() const;
};

// The JSON form, version 1, that `--format json` and the sinks emit; one line, no newline at its
// end. README.md documents it.
std::string to_json(const StatusUpdate& update);
// The way back; nothing for what is not of that form. The history does not come along.
std::optional<StatusUpdate> from_json(std::string_view json);
// The user's two lines, each ended by '\n':
//   [2026-02-20 14:32:00] Product: OpenAI - Chat Completions API
//   Status: We are investigating elevated error rates
// `max_message`: characters of the message kept before an ellipsis; 0 keeps all.
std::string to_text(const StatusUpdate& update, std::size_t max_message);

}  // namespace monitor::status
