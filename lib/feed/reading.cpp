#include "lib/feed/reading.h"

#include <fmt/format.h>

#include "lib/status/text.h"
#include "lib/system/log.h"

namespace monitor::feed {
namespace {

// The names of that many keys tell what a body is; a hostile one has a megabyte of them.
constexpr std::size_t kMaxShape = 200;

}  // namespace

status::Reading read_updates(const Event& event) {
  const status::Origin origin{.provider = event.provider,
                              .provider_name = event.provider_name,
                              .received_at = event.received_at,
                              .stream = event.stream,
                              .seq = event.seq,
                              .test = event.test,
                              .mapping = event.mapping};
  return status::read_updates(event.format, event.body, origin);
}

void UnknownShapes::tell(const Event& event, const std::string& shape) {
  const std::string told = status::cut(shape, kMaxShape);
  if (told_.size() >= kMaxShapes || !told_.insert(event.format + ' ' + told).second) {
    return;
  }
  system::log_warning(fmt::format(
      "cannot read a webhook of {} (format {}, seq {}): no known shape, its keys are \"{}\"; "
      "others like it are skipped without a word",
      event.provider, event.format, event.seq, told));
  if (told_.size() == kMaxShapes) {
    system::log_warning(fmt::format("{} unknown shapes: no more are told", kMaxShapes));
  }
}

}  // namespace monitor::feed
