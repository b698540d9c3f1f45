#include "sinks/delivery/unknown_shapes.h"

#include <fmt/format.h>

#include "lib/status/text.h"
#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

// The names of that many keys tell what a body is; a hostile one has a megabyte of them.
constexpr std::size_t kMaxShape = 200;

}  // namespace

void UnknownShapes::tell(const feed::Event& event, const std::string& shape) {
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

}  // namespace monitor::delivery
