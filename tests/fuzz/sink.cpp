// A sink's --template in the first line, refused or filled with an update whose text is the rest;
// and the other texts that an operator writes for a sink: quiet hours, a shard, a --mute file.
#include "sinks/delivery/template.h"

#include "lib/status/text.h"
#include "lib/system/error.h"
#include "sinks/delivery/mutes.h"
#include "sinks/delivery/quiet_hours.h"
#include "sinks/delivery/shard.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using namespace monitor::fuzz;

namespace {

template <typename Use>
void refused_or(const Use& use) {
  try {
    use();
  } catch (const system::ConfigError& error) {
    require(std::string_view(error.what()).starts_with("cannot use "),
            std::string("an error that does not say of what: ") + error.what());
  }
}

status::StatusUpdate update_of(std::string_view text) {
  status::StatusUpdate update;
  update.provider = status::to_slug(text);
  update.provider_name = status::to_line(text);
  update.name = status::to_line(text);
  update.message = status::html_to_line(text);
  return update;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t line = std::min(input.find('\n'), size);
  const std::string_view first = input.substr(0, line);
  const status::StatusUpdate update = update_of(input.substr(std::min(line + 1, size)));
  refused_or([&] {
    const delivery::Template filled(first, "--template");
    const auto escape = [](std::string_view text) {
      return delivery::with_references(text, "&<>\"'");
    };
    const std::string text = filled.fill(update, escape);
    require(first.find('<') != std::string_view::npos || text.find('<') == std::string::npos,
            "what a sender wrote is markup");
  });
  refused_or([&] { delivery::QuietHours({std::string(first)}).contain(update.received_at); });
  refused_or([&] { delivery::Shard{std::string(first)}.holds(update); });
  const MemoryFile file(input);
  refused_or([&] { delivery::Mutes(file.path()).silence(update, update.received_at); });
  return 0;
}
