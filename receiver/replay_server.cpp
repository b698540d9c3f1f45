#include "receiver/replay_server.h"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <utility>
#include <zmq_addon.hpp>

#include "lib/feed/netstring.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::receiver {
namespace {

// A batch: enough to keep a subscriber busy while the next one is fetched, and little enough that
// it comes in a few milliseconds.
constexpr std::uint64_t kBatchEvents = 1000;
constexpr std::uint64_t kBatchBytes = 1 << 20;
// Answers that may wait for one subscriber; a good one asks one thing at a time.
constexpr int kHighWater = 2;
// Room for what stands beside a body.
constexpr std::size_t kHeaderRoom = 512;

// By ZeroMQ's thread, once it is sent.
void delete_sent(void*, void* text) { delete static_cast<std::string*>(text); }

// Without a copy.
zmq::message_t message_of(std::string text) {
  auto* const kept = new std::string(std::move(text));  // see delete_sent()
  return {kept->data(), kept->size(), delete_sent, kept};
}

// About.
std::size_t size_of(const std::vector<feed::Event>& events) {
  return std::accumulate(events.begin(), events.end(), kHeaderRoom,
                         [](std::size_t sum, const feed::Event& event) {
                           return sum + event.body.size() + event.mapping.size() + kHeaderRoom;
                         });
}

}  // namespace

ReplayServer::ReplayServer(zmq::context_t& context, const Place& place, const Journal& journal,
                           const SharedPolicy& policy, Counters& counters)
    : stream_(journal.stream()),
      reader_(journal.path(), journal.stream()),
      socket_(context, zmq::socket_type::router, place, kHighWater),
      policy_(policy),
      counters_(counters),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) {
    system::fail_errno("make an eventfd");
  }
  thread_ = std::thread([this] { run(); });
}

ReplayServer::~ReplayServer() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void ReplayServer::run() {
  for (;;) {
    zmq::pollitem_t items[] = {{nullptr, stop_.get(), ZMQ_POLLIN, 0},
                               {socket_->handle(), 0, ZMQ_POLLIN, 0}};
    ::zmq_poll(items, 2, -1);
    if (items[0].revents != 0) {
      return;
    }
    if (items[1].revents == 0) {
      continue;
    }
    try {
      answer_one();
      failing_ = false;
    } catch (const storage::Error& error) {  // the subscriber asks again
      if (!std::exchange(failing_, true)) {
        system::log_error(fmt::format("cannot answer a replay request: {}", error.what()));
      }
    }
  }
}

// Frames: identity, an empty one if the asker uses REQ, the request.
void ReplayServer::answer_one() {
  std::vector<zmq::message_t> frames;
  if (!zmq::recv_multipart(*socket_, std::back_inserter(frames), zmq::recv_flags::dontwait)) {
    return;
  }
  const bool framed_by_req = frames.size() == 3 && frames[1].empty();
  const auto request = frames.size() == 2 || framed_by_req
                           ? feed::decode_request(frames.back().to_string_view())
                           : std::nullopt;
  if (!request) {
    ++counters_.replay_malformed;
    return;
  }
  frames.back() = message_of(answer_to(*request));
  zmq::send_multipart(*socket_, frames, zmq::send_flags::dontwait);
}

std::string ReplayServer::answer_to(const feed::ReplayRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  const JournalReader::Bounds bounds = reader_.bounds();
  std::vector<feed::Event> events;
  if (request.limit > 0 && (request.stream.empty() || request.stream == stream_)) {
    const std::uint64_t from = std::max({request.from, bounds.first, std::uint64_t{1}});
    events = reader_.read(from, std::min(request.limit, kBatchEvents), kBatchBytes);
    tell_damage();
  }
  const auto policy = policy_.get();
  for (feed::Event& event : events) {
    event.mapping = policy->mapping_of(event);
  }
  const std::uint64_t newest = events.empty() ? 0 : events.back().seq;
  const feed::ReplayAnswer head{.id = request.id,
                                .stream = stream_,
                                .first = bounds.first,
                                .last = std::max(bounds.last, newest),
                                .count = events.size()};
  std::string answer;
  answer.reserve(size_of(events));
  feed::append_netstring(answer, feed::encode(head));
  for (const feed::Event& event : events) {
    feed::append_netstring(answer, feed::encode_header(event));
    feed::append_netstring(answer, event.body);
  }
  ++counters_.replay_batches;
  counters_.replay_events += events.size();
  counters_.replay_time.observe(std::chrono::steady_clock::now() - began);
  return answer;
}

// Another reader may have found some before: this one begins anew when the outlet does.
void ReplayServer::tell_damage() {
  const std::uint64_t found = reader_.damaged().size();
  if (found > counters_.damaged.load()) {
    counters_.damaged = found;
    system::log_error(
        fmt::format("{} events of the journal are damaged on the disk, seq {} to {}; subscribers "
                    "get all others and are told that these are gone: look at the disk",
                    found, *reader_.damaged().begin(), *reader_.damaged().rbegin()));
  }
}

}  // namespace monitor::receiver
