// One event of the feed as the archive takes it: where it stands in its stream, and its body
// understood. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "lib/feed/message.h"
#include "lib/status/format.h"

namespace monitor::store {

// Larger bodies are not kept as samples: what people send that nobody can read has some KiB, and
// with the bounds of unrecognised_rows.h all samples together stay below 16 MiB.
inline constexpr std::size_t kMaxSample = 16 << 10;

struct Arrival {
  std::string stream;
  std::uint64_t seq = 0;
  system::Time received_at{};
  std::string provider;
  std::string provider_name;
  status::Reading reading;
  // Of a body that nobody could read:
  std::string format = {};
  std::string mapping = {};
  std::optional<std::string> sample = {};  // JSON; nothing when larger than kMaxSample
};
Arrival understand(const feed::Event& event);

}  // namespace monitor::store
