#include "receiver/bound_socket.h"

#include <fmt/format.h>

#include <cstdint>

#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::receiver {
namespace {

// What comes in, a subscription or a replay request, has a few dozen bytes; a larger message ends
// the connection before it takes memory.
constexpr std::int64_t kLargestIncoming = 4096;

zmq::socket_t bind(zmq::context_t& context, zmq::socket_type type, const std::string& endpoint,
                   int high_water) {
  system::prepare_to_bind(endpoint);
  try {
    zmq::socket_t socket(context, type);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::sndhwm, high_water);
    socket.set(zmq::sockopt::maxmsgsize, kLargestIncoming);  // no effect once it is bound
    socket.bind(endpoint);
    system::let_group_connect(endpoint);
    return socket;
  } catch (const zmq::error_t& error) {
    system::fail(fmt::format("bind {}", endpoint), error.what());
  }
}

}  // namespace

BoundSocket::BoundSocket(zmq::context_t& context, zmq::socket_type type,
                         const std::string& endpoint, int high_water)
    : endpoint_(endpoint), socket_(bind(context, type, endpoint, high_water)) {}

BoundSocket::~BoundSocket() {
  socket_.close();
  system::clean_up_after(endpoint_);
}

}  // namespace monitor::receiver
