#include "store/api/event_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace monitor::store {
namespace {

// How long a browser waits before it connects again.
constexpr std::string_view kGreeting = "retry: 2000\n: status-store\n";
constexpr std::string_view kReset = "event: reset\ndata: {}\n";
constexpr std::string_view kAlive = ": alive\n";
constexpr std::string_view kSkipping = ": nothing for you so far\n";

// Taken from ring or database at once: a reader that catches up lets others have their turn.
constexpr std::size_t kBite = 32;
// So many of them with nothing for this reader, and it is told how far it is.
constexpr int kFruitlessBites = 8;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

// Of another journal, or of a store that is ahead of this one: what it says can't be told here.
bool is_known(const Seen& seen, const Seen& streams) {
  bool any = false;
  for (const auto& [stream, seq] : seen) {
    const auto known = streams.find(stream);
    any = any || known != streams.end();
    if (known != streams.end() && seq > known->second) {
      return false;
    }
  }
  return any;
}

}  // namespace

std::optional<Seen> parse_event_id(std::string_view id, const Seen& streams) {
  if (const auto seq = number_in(id)) {
    const bool can_be = streams.size() == 1 && *seq <= streams.begin()->second;
    return can_be ? std::optional(Seen{{streams.begin()->first, *seq}}) : std::nullopt;
  }
  Seen seen;
  while (!id.empty()) {
    const auto comma = id.find(',');
    const std::string_view one = id.substr(0, comma);
    const auto colon = one.find(':');
    const auto seq =
        colon == std::string_view::npos ? std::nullopt : number_in(one.substr(colon + 1));
    if (!seq || colon == 0) {
      return std::nullopt;
    }
    seen[std::string(one.substr(0, colon))] = *seq;
    id = comma == std::string_view::npos ? std::string_view() : id.substr(comma + 1);
  }
  return is_known(seen, streams) ? std::optional(seen) : std::nullopt;
}

std::string event_id(const Seen& seen) {
  if (seen.size() == 1) {
    return std::to_string(seen.begin()->second);
  }
  std::string id;
  for (const auto& [stream, seq] : seen) {
    id += fmt::format("{}{}:{}", id.empty() ? "" : ",", stream, seq);
  }
  return id;
}

class EventHub::Reader : public http::Stream {
 public:
  // `signs`: of before `at` was looked up.
  Reader(EventHub& hub, Signs signs, std::string provider, Standing at, bool reset)
      : hub_(hub),
        provider_(std::move(provider)),
        place_(at.place),
        seen_(std::move(at.streams)),
        signs_(signs) {
    write_id(reset ? fmt::format("{}{}", kGreeting, kReset) : std::string(kGreeting));
    ++hub_.readers_;
  }
  ~Reader() override { --hub_.readers_; }

  std::optional<std::size_t> read(std::span<char> room) override {
    if (sent_ == text_.size() && !refill()) {
      return std::nullopt;
    }
    const std::size_t size = std::min(room.size(), text_.size() - sent_);
    std::copy_n(text_.data() + sent_, size, room.data());
    sent_ += size;
    return size;
  }

 private:
  // False: the end.
  bool refill() {
    text_.clear();
    sent_ = 0;
    const Signs now = hub_.signs();
    if (now.epoch != signs_.epoch) {
      return false;
    }
    // What others are told may all be for other readers.
    bool complete = true;
    for (int bites = 0; text_.empty(); ++bites) {
      if (bites == kFruitlessBites) {
        write_id(kSkipping);
        return true;
      }
      const std::vector<Event> events = hub_.after(place_, complete);
      if (!complete) {
        return false;
      }
      if (events.empty()) {
        break;
      }
      for (const Event& event : events) {
        pass(event);
      }
    }
    if (text_.empty() && now.beats != signs_.beats) {
      write_id(kAlive);
    }
    signs_ = now;
    return true;
  }

  void pass(const Event& event) {
    place_ = event.place;
    std::uint64_t& seen = seen_[event.stream];
    if (event.seq <= seen) {  // at another store, which had applied them in another order
      return;
    }
    if (event.ends_seq) {
      seen = event.seq;
    }
    if (!provider_.empty() && event.provider != provider_) {
      return;
    }
    text_ += event.ends_seq ? fmt::format("id: {}\n", event_id(seen_)) : "";
    text_ += fmt::format("data: {}\n\n", event.json);
  }

  // Lines that are no event, and how far the reader is then: the id may have grown by what is not
  // for it, and whoever is cut before its first event comes back with this one.
  void write_id(std::string_view lines) {
    text_ = lines;
    text_ += seen_.empty() ? "\n" : fmt::format("id: {}\n\n", event_id(seen_));
  }

  EventHub& hub_;
  const std::string provider_;
  std::int64_t place_;
  Seen seen_;
  Signs signs_;
  std::string text_;  // encoded, of which `sent_` bytes have gone
  std::size_t sent_ = 0;
};

bool EventHub::tell(const News& news) {
  const std::lock_guard lock(mutex_);
  if (!news.complete) {
    ++signs_.epoch;
    ring_.clear();
    ring_bytes_ = 0;
  }
  for (const Event& event : news.events) {
    ring_bytes_ += event.json.size();
    ring_.push_back(event);
  }
  while (ring_.size() > kRingEvents || ring_bytes_ > kRingBytes) {
    ring_bytes_ -= ring_.front().json.size();
    ring_.pop_front();
  }
  return readers_ > 0 && (!news.events.empty() || !news.complete);
}

void EventHub::beat() {
  const std::lock_guard lock(mutex_);
  ++signs_.beats;
}

void EventHub::end_all() {
  const std::lock_guard lock(mutex_);
  ++signs_.epoch;
  ring_.clear();
  ring_bytes_ = 0;
}

std::unique_ptr<http::Stream> EventHub::follow(const std::string& provider,
                                               const std::string& last_event_id) {
  if (readers_ >= kMostReaders) {
    return nullptr;
  }
  const Signs signs = this->signs();
  const Standing now = backlog_.standing();
  const auto seen = parse_event_id(last_event_id, now.streams);
  const auto place = seen ? backlog_.place_of(*seen) : std::nullopt;
  const bool reset = !last_event_id.empty() && !place;
  return place ? std::make_unique<Reader>(*this, signs, provider, Standing{*place, *seen}, reset)
               : std::make_unique<Reader>(*this, signs, provider, now, reset);
}

EventHub::Signs EventHub::signs() {
  const std::lock_guard lock(mutex_);
  return signs_;
}

std::vector<Event> EventHub::after(std::int64_t place, bool& complete) {
  std::unique_lock lock(mutex_);
  if (!ring_.empty() && ring_.front().place <= place + 1) {
    const auto begin = std::upper_bound(
        ring_.begin(), ring_.end(), place,
        [](std::int64_t before, const Event& event) { return before < event.place; });
    const auto left = static_cast<std::size_t>(ring_.end() - begin);
    return {begin, begin + static_cast<std::ptrdiff_t>(std::min(left, kBite))};
  }
  lock.unlock();
  std::vector<Event> events = backlog_.events_after(place, kBite);
  complete = events.empty() || events.front().place == place + 1;
  return events;
}

}  // namespace monitor::store
