// Where the loop gets its events: the subscriber, or in tests a list. The contract is that of
// feed::Subscriber.
#pragma once

#include <poll.h>

#include <chrono>
#include <optional>
#include <span>
#include <utility>

#include "lib/feed/subscriber.h"

namespace monitor::delivery {

class EventSource {
 public:
  virtual ~EventSource() = default;
  virtual std::optional<feed::Event> next(std::chrono::milliseconds patience,
                                          std::span<pollfd> wake) = 0;
  virtual feed::Subscriber::Progress progress() const = 0;
};

class FeedSource : public EventSource {
 public:
  explicit FeedSource(feed::SubscriberSettings settings) : subscriber_(std::move(settings)) {}

  std::optional<feed::Event> next(std::chrono::milliseconds patience,
                                  std::span<pollfd> wake) override {
    return subscriber_.next(patience, wake);
  }
  feed::Subscriber::Progress progress() const override { return subscriber_.progress(); }

 private:
  feed::Subscriber subscriber_;
};

}  // namespace monitor::delivery
