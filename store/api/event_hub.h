// GET /events: hands each update that is kept to everybody who listens, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). The loop's thread tells, the
// HTTP server's thread reads; what they share is under one mutex.
//
// A reader is a place in the order of events and nothing else: what is new it takes from a ring
// that all share, what it missed from the database in small bites. So no reader costs more memory
// than another. One that reads nothing for long is cut off by the HTTP server; one that falls
// behind what the database keeps is ended. Either comes back with the id of its last event.
//
// An event's id is how much of each stream the reader has seen then: the seq, where there is one
// stream; else STREAM:SEQ of each, by commas, so that it means the same at another store.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/server.h"
#include "store/event.h"

namespace monitor::store {

// Each costs a descriptor and what libmicrohttpd keeps of a connection, some 10 KiB; the rest of
// the server's connections are for requests.
inline constexpr std::size_t kMostReaders = 2000;
// What readers that keep up need is the last commit; beyond, the database is asked.
inline constexpr std::size_t kRingEvents = 1000;
inline constexpr std::size_t kRingBytes = 2 << 20;

// Seqs of streams, as far as a reader has seen each.
using Seen = std::map<std::string, std::uint64_t>;

// Nothing for what is no id, or of which nothing can be told here: all its streams are unknown, or
// it has seen more of one than there is. `streams`: how much there is of each that is known; where
// it is one, a bare number is of it.
std::optional<Seen> parse_event_id(std::string_view id, const Seen& streams);
std::string event_id(const Seen& seen);

struct Standing {
  std::int64_t place = 0;
  Seen streams;
};

// The events that the database keeps; asked on the server's thread.
class Backlog {
 public:
  virtual ~Backlog() = default;
  // At most `limit` after `place`, in order.
  virtual std::vector<Event> events_after(std::int64_t place, std::size_t limit) = 0;
  // Before the first that somebody has not seen; nothing when some of these are no longer kept.
  virtual std::optional<std::int64_t> place_of(const Seen& seen) = 0;
  // The newest event and how much of each stream has been kept, of one moment.
  virtual Standing standing() = 0;
};

class EventHub {
 public:
  // Both must outlive the hub's streams.
  explicit EventHub(Backlog& backlog) : backlog_(backlog) {}

  // The loop's thread: what a commit brought. True when streams should be woken.
  bool tell(const News& news);
  // About every 15 seconds: each reader gets a sign of life. Streams should be woken.
  void beat();
  // Ends all streams: their places are no longer true.
  void end_all();

  // The server's thread: a stream of what comes, or of all since `last_event_id` unless that is
  // empty; `provider` empty: of all. Nothing when there are too many readers.
  std::unique_ptr<http::Stream> follow(const std::string& provider,
                                       const std::string& last_event_id);
  std::size_t readers() const { return readers_; }

 private:
  class Reader;
  struct Signs {
    std::uint64_t epoch = 0;
    std::uint64_t beats = 0;
  };

  Signs signs();
  // The next ones after `place`; `complete` is false when some before them are gone.
  std::vector<Event> after(std::int64_t place, bool& complete);

  Backlog& backlog_;
  std::atomic<std::size_t> readers_{0};
  std::mutex mutex_;
  Signs signs_;
  std::deque<Event> ring_;
  std::size_t ring_bytes_ = 0;
};

}  // namespace monitor::store
