#include "lib/feed/handshakes.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <vector>
#include <zmq_addon.hpp>

namespace monitor::feed {
namespace {

constexpr int kFailed = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

}  // namespace

Handshakes::Handshakes(zmq::context_t& context, zmq::socket_t& socket, const ClientKeys& keys)
    : socket_(socket), events_(context, zmq::socket_type::pair), keys_(keys) {
  const std::string place = fmt::format("inproc://handshakes-{}", fmt::ptr(socket.handle()));
  ::zmq_socket_monitor(socket.handle(), place.c_str(), kFailed | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
  events_.set(zmq::sockopt::linger, 0);
  // ZeroMQ's own thread tells of events, and would wait while the queue is full. It tells of ten a
  // second at most, each of some dozen bytes, and we look each time that nothing else is at hand.
  events_.set(zmq::sockopt::rcvhwm, 0);
  events_.connect(place);
}

// Nobody may tell us anything when we no longer listen: he would wait.
Handshakes::~Handshakes() { ::zmq_socket_monitor(socket_.handle(), nullptr, 0); }

const std::string& Handshakes::trouble() {
  look();
  return trouble_;
}

std::string Handshakes::trouble_of_silence() {
  look();
  if (!trouble_.empty() || !broken_off_) {
    return trouble_;
  }
  return keys_.server_key.empty()
             ? "what listens there breaks off: if it wants keys, give --feed-server-key and "
               "--feed-key"
             : "its receiver breaks off: is --feed-server-key the public key that it says at its "
               "start?";
}

// Frames: 16 bits of event with 32 bits of value, and the endpoint.
void Handshakes::look() {
  std::vector<zmq::message_t> frames;
  while (zmq::recv_multipart(events_, std::back_inserter(frames), zmq::recv_flags::dontwait)) {
    std::uint16_t event = 0;
    std::uint32_t value = 0;
    if (frames.front().size() == sizeof event + sizeof value) {
      std::memcpy(&event, frames.front().data(), sizeof event);
      std::memcpy(&value, frames.front().data<char>() + sizeof event, sizeof value);
      take(event, value);
    }
    frames.clear();
  }
}

void Handshakes::take(int event, unsigned value) {
  const bool mismatch = event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL &&
                        value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH;
  broken_off_ = event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
    trouble_ = fmt::format(
        "its receiver does not know our key: add the line \"{} NAME\" to its --feed-clients and "
        "reload it",
        keys_.own.public_key);
  } else if (mismatch) {
    trouble_ = keys_.server_key.empty()
                   ? "its receiver wants keys: give --feed-server-key and --feed-key"
                   : "its receiver speaks without keys: give it --feed-key, or leave out "
                     "--feed-server-key";
  } else {
    trouble_.clear();
  }
}

}  // namespace monitor::feed
