#include "lib/feed/subscriber.h"

#include <algorithm>
#include <zmq.hpp>

#include "lib/feed/follower.h"

namespace monitor::feed {
namespace {

using Clock = Follower::Clock;

bool any_ready(std::span<pollfd> wake) {
  return std::any_of(wake.begin(), wake.end(), [](const pollfd& fd) { return fd.revents != 0; });
}

// ZeroMQ has its own bits for the same things.
short zmq_events(short events) {
  return static_cast<short>(((events & POLLIN) != 0 ? ZMQ_POLLIN : 0) |
                            ((events & POLLOUT) != 0 ? ZMQ_POLLOUT : 0) | ZMQ_POLLERR);
}

void look_at(std::span<pollfd> wake) {
  if (!wake.empty()) {
    ::poll(wake.data(), wake.size(), 0);
  }
}

}  // namespace

struct Subscriber::State {
  explicit State(SubscriberSettings given) : settings(std::move(given)) {
    for (const Source& source : settings.sources) {
      followers.emplace_back(
          std::make_unique<Follower>(context, source, settings.cursors, settings.begin));
    }
  }

  // Each follower in turn, so that a busy stream does not starve the others.
  std::optional<Event> take() {
    const auto now = Clock::now();
    for (std::size_t i = 0; i < followers.size(); ++i) {
      turn = (turn + 1) % followers.size();
      if (auto event = followers[turn]->take(now)) {
        return event;
      }
    }
    return std::nullopt;
  }

  void wait(Clock::time_point deadline, std::span<pollfd> wake) {
    std::vector<zmq::pollitem_t> items;
    for (const pollfd& fd : wake) {
      items.push_back({nullptr, fd.fd, zmq_events(fd.events), 0});
    }
    for (const auto& follower : followers) {
      follower->add_poll_items(items);
      deadline = std::min(deadline, follower->wake_up_at());
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    // Not zmq::poll(): an interruption (a debugger, SIGCONT) is as good a reason to look again as
    // any.
    ::zmq_poll(items.data(), static_cast<int>(items.size()),
               std::max(left.count(), std::int64_t{0}));
  }

  SubscriberSettings settings;
  zmq::context_t context{1};
  std::vector<std::unique_ptr<Follower>> followers;
  std::size_t turn = 0;
};

Subscriber::Subscriber(SubscriberSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}
Subscriber::~Subscriber() = default;

std::optional<Event> Subscriber::next(std::chrono::milliseconds patience, std::span<pollfd> wake) {
  const auto deadline = Clock::now() + patience;
  for (;;) {
    look_at(wake);
    if (auto event = state_->take()) {
      return event;
    }
    if (any_ready(wake) || Clock::now() >= deadline) {
      return std::nullopt;
    }
    state_->wait(deadline, wake);
  }
}

Subscriber::Progress Subscriber::progress() const {
  Progress progress;
  progress.following = true;
  for (const auto& follower : state_->followers) {
    follower->add_to(progress);
  }
  return progress;
}

}  // namespace monitor::feed
