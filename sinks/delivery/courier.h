// Brings one delivery to its end: tries again while the destination is away, not sooner than it and
// the back-off say, keeps to --rate, gives up after --give-up-after. A signal ends the wait. Owned
// by the loop; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "lib/system/clock.h"
#include "sinks/delivery/backoff.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

// At most `count` deliveries in any `period`; 0: as many as there are.
struct Rate {
  int count = 0;
  std::chrono::seconds period{60};
};
// "30/m", "1/s", "200/h". Throws std::invalid_argument saying what would be right.
Rate parse_rate(const std::string& text);

struct Patience {
  Rate rate = {};
  std::chrono::seconds give_up_after = std::chrono::hours(24);
};

// The outside of the loop that tests take the place of.
struct Tempo {
  using Clock = std::chrono::steady_clock;
  std::function<double()> random;                        // 0 to below 1
  std::function<void(std::chrono::milliseconds)> pause;  // ends early when a signal comes
  std::function<system::Time()> now = system::now;
  // Of waits: a wall clock may be set.
  std::function<Clock::time_point()> steady = Clock::now;
};

class Courier {
 public:
  // What the courier needs of the loop: it hears why a try failed, and what else is waited for;
  // `go_on` says after a wait whether to try again.
  struct Boss {
    std::function<void(const std::string& reason)> failed;
    std::function<void(const std::string& reason)> waits;
    std::function<bool()> go_on;
  };
  Courier(Patience patience, Tempo tempo, Boss boss)
      : patience_(patience), tempo_(std::move(tempo)), boss_(std::move(boss)) {}

  // Nothing: stopped before the fate was known. `came`: when what is delivered arrived, from which
  // on it is given up at the earliest; the outcome is then rejected.
  std::optional<Outcome> bring(const std::function<Outcome()>& deliver, system::Time came,
                               const char* verb = "deliver");

 private:
  bool await_turn();
  bool hold(std::chrono::milliseconds time);

  Patience patience_;
  Tempo tempo_;
  Boss boss_;
  std::deque<Tempo::Clock::time_point> recent_;  // deliveries within the period of the rate
  // The destination is away: since its first failure after it worked.
  std::optional<Tempo::Clock::time_point> away_since_;
};

}  // namespace monitor::delivery
