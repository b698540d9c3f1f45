#include "formatter/printer.h"

#include <utility>

namespace monitor::formatter {

Printer::Printer(Style style, status::Filter filter, Record& record, Output& output)
    : style_(style), filter_(std::move(filter)), record_(record), output_(output) {}

Written Printer::print(const feed::Event& event) {
  const status::Reading reading = feed::read_updates(event);
  if (!reading.recognised) {
    unknown_.tell(event, reading.shape);
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

}  // namespace monitor::formatter
