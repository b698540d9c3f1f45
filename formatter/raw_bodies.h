// Webhook bodies from stdin, one JSON a line, printed as if a receiver had taken them just now: the
// same identity, the same lines. A line that is no JSON or is too long is told on stderr with its
// number and skipped. The lines are as untrusted as the web's.
#pragma once

#include <optional>
#include <string_view>

#include "formatter/line_splitter.h"
#include "formatter/printer.h"
#include "formatter/settings.h"
#include "lib/feed/message.h"
#include "lib/status/providers.h"

namespace monitor::formatter {

// What status-receiver takes by default (--max-body).
inline constexpr std::size_t kLongestLine = 1 << 20;

class RawBodies {
 public:
  // Both must outlive this.
  RawBodies(const status::Providers& providers, Printer& printer);

  // Prints the lines that are whole by now. Anything but `whole`: leave.
  Written take(std::string_view bytes);
  // The same for what stands without a newline at the end of the input.
  Written finish();

 private:
  Written print(const Line& line);
  // Nothing, and told, when the line is not JSON. The line's number stands for the seq.
  std::optional<feed::Event> to_event(const Line& line) const;

  const status::Providers& providers_;
  Printer& printer_;
  LineSplitter lines_{kLongestLine};
};

// Reads stdin to its end, or until a signal or the reader's leaving ends it. Returns the exit code.
int print_stdin(const Settings& settings, DescriptorOutput& output, Stop& stop);

}  // namespace monitor::formatter
