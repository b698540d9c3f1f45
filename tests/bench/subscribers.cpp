// Plain live subscribers: bench-subscribers ENDPOINT COUNT connects COUNT SUB sockets and reads all
// that comes. Prints READY when each has got its first message; when stdin closes "RECEIVED all
// slowest", the messages since then of all together and of the one that got fewest. Who publishes
// is scripts/bench's choice: the receiver, or bench-publisher.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "lib/system/error.h"

namespace {

class Subscribers {
 public:
  Subscribers(const std::string& endpoint, std::size_t count) : counts_(count) {
    context_.set(zmq::ctxopt::max_sockets, static_cast<int>(count) + 8);
    for (std::size_t i = 0; i < count; ++i) {
      sockets_.emplace_back(context_, zmq::socket_type::sub);
      sockets_.back().set(zmq::sockopt::subscribe, "");
      sockets_.back().connect(endpoint);
      items_.push_back({sockets_.back().handle(), 0, ZMQ_POLLIN, 0});
    }
    items_.push_back({nullptr, STDIN_FILENO, ZMQ_POLLIN, 0});
  }

  // False when stdin was closed.
  bool read_some() {
    ::zmq_poll(items_.data(), static_cast<int>(items_.size()), -1);
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      if (items_[i].revents != 0) {
        read_all(i);
      }
    }
    return items_.back().revents == 0;
  }

  bool all_heard() const {
    return std::none_of(counts_.begin(), counts_.end(), [](std::uint64_t n) { return n == 0; });
  }
  void forget() { std::fill(counts_.begin(), counts_.end(), 0); }
  std::uint64_t all() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  }
  std::uint64_t slowest() const { return *std::min_element(counts_.begin(), counts_.end()); }

 private:
  void read_all(std::size_t index) {
    // Not one socket for ever, however fast it fills.
    for (int i = 0; i < 1000 && sockets_[index].recv(message_, zmq::recv_flags::dontwait); ++i) {
      counts_[index] += message_.more() ? 0 : 1;
    }
  }

  zmq::context_t context_{1};
  std::vector<zmq::socket_t> sockets_;
  std::vector<zmq::pollitem_t> items_;
  std::vector<std::uint64_t> counts_;  // whole messages
  zmq::message_t message_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench-subscribers ENDPOINT COUNT\n");
    return monitor::system::kExitUsage;
  }
  try {
    Subscribers subscribers(argv[1], std::stoul(argv[2]));
    while (!subscribers.all_heard() && subscribers.read_some()) {
    }
    subscribers.forget();
    fmt::print("READY\n");
    std::fflush(stdout);
    while (subscribers.read_some()) {
    }
    fmt::print("RECEIVED {} {}\n", subscribers.all(), subscribers.slowest());
    return 0;
  } catch (const std::exception& error) {
    return monitor::system::report_fatal(error);
  }
}
