#include "formatter/raw_bodies.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"

namespace monitor::formatter {
namespace {

// A pipe holds that much.
constexpr std::size_t kChunk = 64 * 1024;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

// True when there is something to read; false when it is time to leave.
bool wait_for_input(const DescriptorOutput& output, Stop& stop) {
  std::array<pollfd, 3> fds{
      {{STDIN_FILENO, POLLIN, 0}, {stop.fd(), POLLIN, 0}, {output.fd(), 0, 0}}};
  while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
  }
  stop.look();
  return !stop.asked() && !reader_left(fds[2].revents);
}

std::string_view read_chunk(std::array<char, kChunk>& chunk) {
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size >= 0) {
      return {chunk.data(), static_cast<std::size_t>(size)};
    }
    if (errno != EINTR && errno != EAGAIN) {
      system::fail_errno("read stdin");
    }
  }
}

}  // namespace

RawBodies::RawBodies(const status::Providers& providers, Printer& printer)
    : providers_(providers), printer_(printer) {}

Written RawBodies::take(std::string_view bytes) {
  lines_.add(bytes);
  while (const auto line = lines_.next()) {
    if (const Written written = print(*line); written != Written::whole) {
      return written;
    }
  }
  return Written::whole;
}

Written RawBodies::finish() {
  const auto line = lines_.last();
  return line ? print(*line) : Written::whole;
}

Written RawBodies::print(const Line& line) {
  if (line.too_long) {
    system::log_warning(
        fmt::format("line {} is skipped: it is longer than {} bytes", line.number, kLongestLine));
    return Written::whole;
  }
  if (is_blank(line.text)) {
    return Written::whole;
  }
  const auto event = to_event(line);
  return event ? printer_.print(*event) : Written::whole;
}

std::optional<feed::Event> RawBodies::to_event(const Line& line) const {
  const status::Format* format = status::detect(line.text);
  status::ClueCollector clues(format);
  if (const auto error = json::scan(line.text, &clues)) {
    system::log_warning(fmt::format("line {} is skipped: it is not JSON: {} (at byte {})",
                                    line.number, error->reason, error->offset));
    return std::nullopt;
  }
  const status::Identity identity = providers_.identify("", clues.take());
  return feed::Event{.stream = "",
                     .seq = line.number,
                     .received_at = system::now(),
                     .format = std::string(format == nullptr ? status::kAutoFormat : format->name),
                     .provider = identity.slug,
                     .provider_name = identity.name,
                     .test = false,
                     .body = std::string(line.text)};
}

int print_stdin(const Settings& settings, DescriptorOutput& output, Stop& stop) {
  const status::Providers providers = settings.providers.empty()
                                          ? status::Providers::shipped()
                                          : status::Providers::with_user_file(settings.providers);
  Record record(storage::Database::open(":memory:", storage::Database::Mode::read_write));
  Printer printer(settings.style(), status::Filter(settings.filter), record, output);
  RawBodies bodies(providers, printer);
  system::notify_ready("reading stdin");
  std::array<char, kChunk> chunk;
  while (wait_for_input(output, stop)) {
    const std::string_view bytes = read_chunk(chunk);
    const Written written = bytes.empty() ? bodies.finish() : bodies.take(bytes);
    if (bytes.empty() || written != Written::whole) {
      break;
    }
  }
  return system::kExitOk;
}

}  // namespace monitor::formatter
