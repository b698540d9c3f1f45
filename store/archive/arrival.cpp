#include "store/archive/arrival.h"

#include <string_view>

#include "lib/feed/reading.h"
#include "lib/json/document.h"

namespace monitor::store {
namespace {

// Fit to be put into JSON as it is, which allows no byte order mark.
std::optional<std::string> sample_of(std::string_view body) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (body.starts_with(kMark)) {
    body.remove_prefix(kMark.size());
  }
  const bool fit = body.size() <= kMaxSample && !json::scan(body);
  return fit ? std::optional<std::string>(body) : std::nullopt;
}

}  // namespace

Arrival understand(const feed::Event& event) {
  Arrival arrival{.stream = event.stream,
                  .seq = event.seq,
                  .received_at = event.received_at,
                  .provider = event.provider,
                  .provider_name = event.provider_name,
                  .reading = feed::read_updates(event)};
  if (!arrival.reading.recognised) {
    arrival.format = event.format;
    arrival.mapping = event.mapping;
    arrival.sample = sample_of(event.body);
  }
  return arrival;
}

}  // namespace monitor::store
