#include "formatter/printer.h"

#include <fmt/format.h>

#include <utility>

#include "lib/status/format.h"
#include "lib/status/text.h"
#include "lib/system/log.h"

namespace monitor::formatter {
namespace {

// The names of that many keys tell what a body is; a hostile one has a megabyte of them.
constexpr std::size_t kMaxShape = 200;

}  // namespace

Printer::Printer(Style style, status::Filter filter, Record& record, Output& output)
    : style_(style), filter_(std::move(filter)), record_(record), output_(output) {}

Written Printer::print(const feed::Event& event) {
  const status::Origin origin{.provider = event.provider,
                              .provider_name = event.provider_name,
                              .received_at = event.received_at,
                              .stream = event.stream,
                              .seq = event.seq,
                              .test = event.test};
  const status::Reading reading = status::read_updates(event.format, event.body, origin);
  if (!reading.recognised) {
    tell_unrecognised(event, status::cut(reading.shape, kMaxShape));
  }
  for (const status::StatusUpdate& update : reading.updates) {
    if (const Written written = print(update); written != Written::whole) {
      return written;
    }
  }
  record_.finished(event.stream, event.seq);
  return Written::whole;
}

Written Printer::print(const status::StatusUpdate& update) {
  const std::string key = update.key();
  if (!filter_.accepts(update) || record_.knows(key)) {
    return Written::whole;
  }
  const Written written = output_.write(render(update));
  if (written == Written::whole) {
    record_.printed(key);
    ++printed_;
  }
  return written;
}

std::string Printer::render(const status::StatusUpdate& update) const {
  return style_.json ? status::to_json(update) + '\n' : status::to_text(update, style_.max_message);
}

void Printer::tell_unrecognised(const feed::Event& event, const std::string& shape) {
  if (told_.size() >= kMaxShapes || !told_.insert(event.format + ' ' + shape).second) {
    return;
  }
  system::log_warning(fmt::format(
      "cannot read a webhook of {} (format {}, seq {}): no known shape, its keys are \"{}\"; "
      "others like it are skipped without a word",
      event.provider, event.format, event.seq, shape));
  if (told_.size() == kMaxShapes) {
    system::log_warning(fmt::format("{} unknown shapes: no more are told", kMaxShapes));
  }
}

}  // namespace monitor::formatter
