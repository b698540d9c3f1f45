// One event of the feed, and the three frames it travels in. feed-format.md is the contract; this
// is its C++ side. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/clock.h"

namespace monitor::feed {

inline constexpr std::string_view kEventTopic = "webhook/";
inline constexpr std::string_view kHeartbeatTopic = "heartbeat/";

struct Event {
  std::string stream;
  std::uint64_t seq = 0;
  system::Time received_at{};
  std::string format;
  std::string provider;
  std::string provider_name;
  bool test = false;
  std::string mapping = {};  // of format "generic": how to read the body (lib/status/mapping.h)
  std::string body;
};

// The last seq that a subscriber has taken of each stream.
using Cursors = std::map<std::string, std::uint64_t>;

std::string topic_of(const Event& event);       // "webhook/github/"
std::string encode_header(const Event& event);  // everything but the body
std::optional<Event> decode_header(std::string_view frame);

struct Heartbeat {
  std::string stream;
  std::uint64_t seq = 0;  // the last one published
};
std::string encode(const Heartbeat& heartbeat);
std::optional<Heartbeat> decode_heartbeat(std::string_view frame);

// What a subscriber asks the replay socket for, and the first frame of the answer; the events
// follow it as pairs of frames, header and body.
struct ReplayRequest {
  std::uint64_t id = 0;     // chosen by the asker, comes back in the answer
  std::string stream;       // empty: whichever stream this is
  std::uint64_t from = 1;   // the first seq wanted
  std::uint64_t limit = 0;  // at most so many events; 0: only say where the stream stands
};
std::string encode(const ReplayRequest& request);
std::optional<ReplayRequest> decode_request(std::string_view frame);

struct ReplayAnswer {
  std::uint64_t id = 0;
  std::string stream;
  std::uint64_t first = 1;  // oldest seq still kept; last + 1 when none is
  std::uint64_t last = 0;   // newest
  std::uint64_t count = 0;  // events that follow
};
std::string encode(const ReplayAnswer& answer);
std::optional<ReplayAnswer> decode_answer(std::string_view frame);

}  // namespace monitor::feed
