// From an event to lines: reads the updates in it, drops what the filter does not want and what was
// printed before, and writes the rest. What a sender wrote is never trusted: a body that nobody can
// read is told once a shape on stderr and prints nothing. Driven by the loops (follow.h,
// raw_bodies.h); one thread.
#pragma once

#include <cstdint>
#include <string>

#include "formatter/output.h"
#include "formatter/record.h"
#include "formatter/settings.h"
#include "lib/feed/message.h"
#include "lib/feed/reading.h"
#include "lib/status/filter.h"
#include "lib/status/update.h"

namespace monitor::formatter {

class Printer {
 public:
  // `record` and `output` must outlive the printer.
  Printer(Style style, status::Filter filter, Record& record, Output& output);

  // Anything but `whole`: it broke off; what was written is in the record, the event is not
  // finished.
  Written print(const feed::Event& event);

  std::uint64_t printed() const { return printed_; }

 private:
  Written print(const status::StatusUpdate& update);
  std::string render(const status::StatusUpdate& update) const;

  Style style_;
  status::Filter filter_;
  Record& record_;
  Output& output_;
  feed::UnknownShapes unknown_;
  std::uint64_t printed_ = 0;
};

}  // namespace monitor::formatter
