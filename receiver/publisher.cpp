#include "receiver/publisher.h"

namespace monitor::receiver {
namespace {

// Messages that may wait for one subscriber. With kLargestLive it bounds what a stopped one can
// cost: 64 MiB, when every webhook is as large as it may be; 2 MiB with real ones.
constexpr int kHighWater = 1000;
constexpr std::size_t kLargestLive = 64 * 1024;

zmq::const_buffer buffer_of(std::string_view text) { return zmq::buffer(text.data(), text.size()); }

}  // namespace

Publisher::Publisher(zmq::context_t& context, const Place& place)
    : socket_(context, zmq::socket_type::pub, place, kHighWater) {}

void Publisher::publish(const feed::Event& event) {
  if (event.body.size() > kLargestLive) {
    heartbeat(event.stream, event.seq);  // they see that something is there and fetch it
    return;
  }
  socket_->send(buffer_of(feed::topic_of(event)), zmq::send_flags::sndmore);
  socket_->send(buffer_of(feed::encode_header(event)), zmq::send_flags::sndmore);
  socket_->send(buffer_of(event.body), zmq::send_flags::none);
}

void Publisher::heartbeat(const std::string& stream, std::uint64_t last_seq) {
  socket_->send(buffer_of(feed::kHeartbeatTopic), zmq::send_flags::sndmore);
  socket_->send(buffer_of(feed::encode(feed::Heartbeat{stream, last_seq})),
                zmq::send_flags::sndmore);
  socket_->send(buffer_of(""), zmq::send_flags::none);
}

}  // namespace monitor::receiver
