// Many status pages at once: threads that post incidents, each with an id of its own, and remember
// which ones were answered 200. A sender whose post gets no answer goes on with another id: nobody
// promised to have kept that one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/deadline.h"

namespace monitor::tests {

class Senders {
 public:
  // `padding` bytes are added to each body.
  Senders(std::string url, int threads, std::size_t padding = 0);
  ~Senders();  // stops
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  // Lets them go on until `count` more posts are answered 200; at first they stand still.
  void allow(std::size_t count);
  void allow_without_end() { allow(kWithoutEnd); }
  // False when the deadline passes before as many posts as ever allowed, or `count`, were answered
  // 200.
  bool wait_for_accepted(std::size_t count, Deadline deadline = Deadline());
  // Returns when nothing is under way; they go on when they are allowed more.
  void stand_still();
  // Finishes what is under way and joins the threads.
  void stop();

  std::size_t accepted_count() const;
  std::set<std::string> accepted() const;  // ids of the incidents
  // Answers that were neither 200 nor missing.
  std::vector<int> other_answers() const;

 private:
  static constexpr std::size_t kWithoutEnd = 1'000'000'000;
  void send();
  bool take_turn();

  const std::string url_;
  const std::size_t padding_;
  std::atomic<std::size_t> next_id_{0};
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::size_t allowed_ = 0;
  std::size_t under_way_ = 0;
  bool stopped_ = false;
  std::set<std::string> accepted_;
  std::vector<int> other_answers_;
  std::vector<std::thread> threads_;  // joined by stop(); touch only what is above
};

}  // namespace monitor::tests
