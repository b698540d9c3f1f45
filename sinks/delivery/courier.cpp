#include "sinks/delivery/courier.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "lib/system/log.h"

namespace monitor::delivery {

using namespace std::chrono_literals;

Rate parse_rate(const std::string& text) {
  Rate rate;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, rate.count);
  const std::string unit(at, end);
  if (error == std::errc() && rate.count > 0 && rate.count <= 100'000) {
    for (const auto& [name, period] :
         {std::pair<const char*, std::chrono::seconds>{"/s", 1s}, {"/m", 60s}, {"/h", 3600s}}) {
      if (unit == name) {
        rate.period = period;
        return rate;
      }
    }
  }
  throw std::invalid_argument("give a number and a unit: 1/s, 30/m or 200/h");
}

std::optional<Outcome> Courier::bring(const std::function<Outcome()>& deliver, system::Time came,
                                      const char* verb) {
  Backoff backoff(tempo_.random);
  std::string told;
  for (int tries = 1;; ++tries) {
    if (!await_turn()) {
      return std::nullopt;
    }
    Outcome outcome = deliver();
    if (outcome.kind != Outcome::Kind::retry) {
      away_since_.reset();
      if (tries > 1 && outcome.kind == Outcome::Kind::delivered) {
        system::log_info(fmt::format("delivered at try {}", tries));
      }
      return outcome;
    }
    away_since_ = away_since_.value_or(tempo_.steady());
    const bool away_long = tempo_.steady() - *away_since_ >= patience_.give_up_after;
    if (away_long && tempo_.now() - came >= patience_.give_up_after) {
      return Outcome::rejected(
          fmt::format("given up after {} s: {}", patience_.give_up_after.count(), outcome.reason));
    }
    if (std::exchange(told, outcome.reason) != outcome.reason) {
      system::log_warning(
          fmt::format("cannot {}: {}; trying again until it works", verb, outcome.reason));
    }
    boss_.failed(outcome.reason);
    if (!hold(std::max(backoff.next(), outcome.wait))) {
      return std::nullopt;
    }
  }
}

// A place among those of the period that has just gone by.
bool Courier::await_turn() {
  if (patience_.rate.count == 0) {
    return true;
  }
  for (;;) {
    const Tempo::Clock::time_point now = tempo_.steady();
    while (!recent_.empty() && now - recent_.front() >= patience_.rate.period) {
      recent_.pop_front();
    }
    if (recent_.size() < static_cast<std::size_t>(patience_.rate.count)) {
      recent_.push_back(now);
      return true;
    }
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(recent_.front() + patience_.rate.period - now);
    boss_.waits("--rate is reached");
    if (!hold(wait)) {
      return false;
    }
  }
}

bool Courier::hold(std::chrono::milliseconds time) {
  if (boss_.go_on()) {  // a stop that ended the try itself must not be waited out
    tempo_.pause(time);
  }
  return boss_.go_on();
}

}  // namespace monitor::delivery
