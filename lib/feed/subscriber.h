// The careful subscriber: hands out every event of one or several streams, each once and in the
// order of its seq, whatever the network drops, repeats or restarts. It follows the live feed and
// asks the replay socket for what is missing: at the start, after a jump of seq, when a heartbeat
// is ahead. Driven by the program's one loop through next(); owns its sockets; one thread. Keeps no
// state on disk: whoever makes an event's effect durable saves its (stream, seq) with it.
//
// While a replay is under way the live socket is left alone: what overflows there is noticed by its
// seq and fetched, so that memory stays bounded however slow the program is.
#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/feed/keys.h"
#include "lib/feed/message.h"

namespace monitor::feed {

// One receiver: where it publishes and where it replays, as ZeroMQ endpoints, and the keys for
// those that are tcp.
struct Source {
  std::string feed;
  std::string replay;
  ClientKeys keys = {};
};

// Where to begin with a stream that `cursors` does not know.
enum class Begin { live, start };

struct SubscriberSettings {
  std::vector<Source> sources;
  Cursors cursors;
  // Counts only as long as `cursors` is empty and for the first stream of a source: a stream that
  // appears later is new, and nothing of it has been seen.
  Begin begin = Begin::live;
};

class Subscriber {
 public:
  explicit Subscriber(SubscriberSettings settings);
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // The next event, or nothing once `patience` is over or one of `wake` is ready (its revents are
  // then set). With an event at hand it returns at once, and `wake` is looked at all the same, so
  // that a busy feed can't hide a signal.
  std::optional<Event> next(std::chrono::milliseconds patience, std::span<pollfd> wake);

  // What to tell an operator.
  struct Progress {
    bool following = false;       // every source has told its stream
    bool silent = false;          // some source: no heartbeat for kSilence
    std::uint64_t lag = 0;        // events published and not handed out yet, as far as known
    std::uint64_t lost = 0;       // events that no receiver keeps any more
    std::uint64_t repeated = 0;   // dropped because seen already
    std::uint64_t replays = 0;    // times something was missing and asked for
    std::uint64_t malformed = 0;  // frames that are not ours, dropped
    Cursors cursors;              // handed out so far
    std::string trouble = {};     // why some source can't be heard and what to do, where known
  };
  Progress progress() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A feed that says nothing for so long (heartbeats come every second) is silent: its receiver is
// down or unreachable.
inline constexpr std::chrono::seconds kSilence{5};

}  // namespace monitor::feed
