#include "receiver/bound_socket.h"

#include <fmt/format.h>
#include <ifaddrs.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "lib/feed/keys.h"
#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::receiver {
namespace {

// What comes in, a subscription or a replay request, has a few dozen bytes; a larger message ends
// the connection before it takes memory.
constexpr std::int64_t kLargestIncoming = 4096;
// Who connects while a crowd does too must not be turned away by the kernel, and come again after
// seconds; ZeroMQ's 100 is little.
constexpr int kBacklog = 4096;
// Of a peer that connects and then says nothing, or not what it should; ms.
constexpr int kHandshakeTime = 10'000;
// A peer that vanished without a word is noticed after that many idle seconds and nine probes.
constexpr int kIdleUntilProbed = 60;

// They count for what is bound afterwards.
void set_bounds(zmq::socket_t& socket, int high_water) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, high_water);
  socket.set(zmq::sockopt::backlog, kBacklog);
  socket.set(zmq::sockopt::maxmsgsize, kLargestIncoming);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeTime);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, kIdleUntilProbed);
}

// libzmq takes the host for the name of an interface first, and ends the process by an assertion
// when it may not ask for those (src/ip_resolver.cpp of 4.3.4).
void check_interfaces(const std::string& endpoint) {
  ifaddrs* found = nullptr;
  if (feed::is_tcp(endpoint) && ::getifaddrs(&found) != 0) {
    system::fail(fmt::format("bind {}", endpoint),
                 fmt::format("the interfaces can't be listed: {} (under systemd: "
                             "RestrictAddressFamilies=AF_NETLINK)",
                             std::strerror(errno)));
  }
  ::freeifaddrs(found);
}

void lock(zmq::socket_t& socket, const Place& place) {
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, place.secret_key);
  socket.set(zmq::sockopt::zap_domain, "feed");
  if (!place.door.empty()) {
    ::zmq_socket_monitor(socket.handle(), place.door.c_str(), ZMQ_EVENT_ACCEPTED);
  }
}

}  // namespace

// A socket can't be unlocked again, so what needs no key comes first.
BoundSocket::BoundSocket(zmq::context_t& context, zmq::socket_type type, const Place& place,
                         int high_water)
    : socket_(context, type) {
  set_bounds(socket_, high_water);
  std::vector<std::string> endpoints = place.endpoints;
  const auto tcp = std::stable_partition(endpoints.begin(), endpoints.end(),
                                         [](const std::string& one) { return !feed::is_tcp(one); });
  try {
    std::for_each(endpoints.begin(), tcp, [this](const std::string& one) { bind(one); });
    if (!place.secret_key.empty()) {
      lock(socket_, place);
    }
    std::for_each(tcp, endpoints.end(), [this](const std::string& one) { bind(one); });
  } catch (...) {
    close();
    throw;
  }
}

BoundSocket::~BoundSocket() { close(); }

void BoundSocket::bind(const std::string& endpoint) {
  system::prepare_to_bind(endpoint);
  check_interfaces(endpoint);
  try {
    socket_.set(zmq::sockopt::ipv6, endpoint.starts_with("tcp://["));
    socket_.bind(endpoint);
    endpoints_.push_back(feed::is_tcp(endpoint) ? socket_.get(zmq::sockopt::last_endpoint)
                                                : endpoint);
    system::let_group_connect(endpoint);
  } catch (const zmq::error_t& error) {
    system::fail(fmt::format("bind {}", endpoint), error.what());
  }
}

void BoundSocket::close() {
  // Not by close() alone, which leaves a moment when nobody hears what ZeroMQ's thread tells, and
  // it would wait for somebody.
  ::zmq_socket_monitor(socket_.handle(), nullptr, 0);
  socket_.close();
  for (const std::string& endpoint : endpoints_) {
    system::clean_up_after(endpoint);
  }
}

}  // namespace monitor::receiver
