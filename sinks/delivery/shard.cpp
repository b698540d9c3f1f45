#include "sinks/delivery/shard.h"

#include <fmt/format.h>

#include <charconv>

#include "lib/status/digest.h"
#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

constexpr unsigned kMostShards = 100;

}  // namespace

Shard::Shard(const std::string& text) {
  const char* const end = text.data() + text.size();
  unsigned number = 0;
  const auto first = std::from_chars(text.data(), end, number);
  const bool slash = first.ptr != end && *first.ptr == '/';
  const auto last = std::from_chars(slash ? first.ptr + 1 : end, end, count_);
  const bool whole = first.ec == std::errc() && slash && last.ec == std::errc() && last.ptr == end;
  if (!whole || number == 0 || number > count_ || count_ > kMostShards) {
    throw system::ConfigError(
        fmt::format("cannot use --shard {}: give which one of how many, as 1/3", text));
  }
  index_ = number - 1;
}

// By a digest, not std::hash, which may be another one in another build.
bool Shard::holds(const status::StatusUpdate& update) const {
  constexpr std::size_t kDigits = 8;
  const std::string digits =
      status::digest({"shard", update.provider, word(update.kind), update.incident_id});
  return std::stoul(digits.substr(0, kDigits), nullptr, 16) % count_ == index_;
}

}  // namespace monitor::delivery
