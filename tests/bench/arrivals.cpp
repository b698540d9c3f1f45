#include "tests/bench/arrivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace monitor::bench {
namespace {

constexpr std::string_view kPrefix = "n-";
constexpr std::size_t kLongestId = 24;

}  // namespace

Arrivals::Arrivals(double rate, std::size_t count)
    : gap_(1 / rate), times_(count), missing_(count) {}

Arrivals::Clock::time_point Arrivals::due(std::size_t number) const {
  return begin_ + std::chrono::duration_cast<Clock::duration>(gap_ * static_cast<double>(number));
}

void Arrivals::mark(std::size_t number) {
  Clock::rep never = 0;
  if (number < times_.size() &&
      times_[number].compare_exchange_strong(never, Clock::now().time_since_epoch().count())) {
    --missing_;
  }
}

std::string Arrivals::id_of(std::size_t number) { return fmt::format("{}{}.", kPrefix, number); }

void Arrivals::mark_all_in(std::string_view text) {
  for (std::size_t at = text.find(kPrefix); at != std::string_view::npos;
       at = text.find(kPrefix, at + 1)) {
    const char* const digits = text.data() + at + kPrefix.size();
    const char* const end = text.data() + text.size();
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(digits, end, number);
    if (error == std::errc() && rest != end && *rest == '.') {
      mark(number);
    }
  }
}

std::vector<double> Arrivals::delays() const {
  std::vector<double> delays;
  for (std::size_t i = 0; i < times_.size(); ++i) {
    if (const Clock::rep time = times_[i]; time != 0) {
      const auto delay = Clock::time_point(Clock::duration(time)) - due(i);
      delays.push_back(std::chrono::duration<double, std::milli>(delay).count());
    }
  }
  return delays;
}

void ArrivalsReader::take(std::string_view piece) {
  end_ += piece;
  arrivals_.mark_all_in(end_);
  end_.erase(0, end_.size() - std::min(end_.size(), kLongestId));
}

}  // namespace monitor::bench
