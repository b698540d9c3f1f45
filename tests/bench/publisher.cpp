// libzmq's own throughput, for scripts/bench: bench-publisher ENDPOINT BYTES publishes messages of
// BYTES as fast as its subscribers take them, which is what local_thr and remote_thr of libzmq do
// (Debian has them not). Waits instead of dropping. Until stdin closes; then "SENT count".
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <zmq.hpp>

#include "lib/system/error.h"

namespace {

constexpr int kBetweenLooks = 100;
constexpr std::chrono::milliseconds kPatience{100};  // then it looks whether stdin has closed

bool stdin_closed() {
  pollfd in{STDIN_FILENO, POLLIN, 0};
  return ::poll(&in, 1, 0) > 0;
}

std::uint64_t publish(zmq::socket_t& socket, const std::string& bytes) {
  std::uint64_t sent = 0;
  while (!stdin_closed()) {
    for (int i = 0; i < kBetweenLooks; ++i) {
      sent += socket.send(zmq::buffer(bytes), zmq::send_flags::none) ? 1 : 0;
    }
  }
  return sent;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench-publisher ENDPOINT BYTES\n");
    return monitor::system::kExitUsage;
  }
  try {
    zmq::context_t context(1);
    zmq::socket_t socket(context, zmq::socket_type::pub);
    socket.set(zmq::sockopt::xpub_nodrop, true);
    socket.set(zmq::sockopt::sndtimeo, static_cast<int>(kPatience.count()));
    socket.set(zmq::sockopt::linger, 0);
    socket.bind(argv[1]);
    fmt::print("SENT {}\n", publish(socket, std::string(std::stoul(argv[2]), 'x')));
    return 0;
  } catch (const std::exception& error) {
    return monitor::system::report_fatal(error);
  }
}
