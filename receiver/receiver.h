// The receiver: owns every part of it and the loop that drives them. Data flows one way: Intake
// (HTTP thread) -> AcceptedQueue -> loop: Journal, then Publisher, then the sender's answer. All
// webhooks that wait are committed together (group commit).
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "lib/http/client.h"
#include "lib/http/server.h"
#include "lib/system/signals.h"
#include "receiver/accepted_queue.h"
#include "receiver/checkpointer.h"
#include "receiver/counters.h"
#include "receiver/intake.h"
#include "receiver/journal.h"
#include "receiver/options.h"
#include "receiver/outlet.h"
#include "receiver/policy.h"
#include "receiver/retention_clock.h"

namespace monitor::receiver {

class Receiver {
 public:
  // Opens, binds and listens; throws system::Failure. `fetcher`: for what Amazon SNS needs to be
  // asked.
  Receiver(const ReceiverOptions& options, const system::Signals& signals, http::Fetcher& fetcher);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  // Serves until it is told to end, then drains.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  void announce() const;
  bool told_to_end();
  void reload();
  void wait(Clock::time_point until);
  void work_off_queue();
  void commit(std::span<Accepted> batch);
  void keep(std::span<Accepted> batch);
  void count(std::span<const Accepted> batch);
  void give_back(std::span<Accepted> batch, const std::string& reason);
  void tick_when_due();
  void retire();
  system::Time time_for_retention();
  void measure_journal();
  void drain();

  const ReceiverOptions& options_;
  const system::Signals& signals_;
  http::Fetcher& fetcher_;
  system::Fd state_lock_;
  Counters counters_;
  Journal journal_;
  RetentionClock retention_clock_;
  Checkpointer checkpointer_;
  SharedPolicy policy_;
  Outlet outlet_;
  AcceptedQueue queue_;
  Intake intake_;  // before the server, whose thread uses it
  http::Server server_;
  Clock::time_point next_tick_;
  std::uint64_t since_retired_ = 0;  // events taken
  std::string retiring_trouble_;     // told last
};

}  // namespace monitor::receiver
