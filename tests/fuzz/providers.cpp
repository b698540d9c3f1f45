// A user's providers file: refused with a ConfigError, or read into entries that hold together.
#include <filesystem>

#include "lib/status/mapping.h"
#include "lib/status/providers_file.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using namespace monitor::fuzz;

namespace {

// Secrets that stand in files are read: here only those that lie beside the seeds.
bool leaves_the_directory(std::string_view text) {
  return text.find("file") != std::string_view::npos &&
         text.find_first_of("/\\") != std::string_view::npos;
}

void check(const status::Provider& provider) {
  require(!provider.slug.empty() && status::to_slug(provider.slug) == provider.slug,
          "an entry without a slug");
  require(status::to_line(provider.name) == provider.name, "a name that is no clean line");
  require(provider.mapping.empty() ||
              status::to_json(status::mapping_from_json(provider.mapping)) == provider.mapping,
          "a mapping changes on its way");
  for (const std::string& host : provider.hosts) {
    require(status::host_of(host) == host, "a host that is none");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (leaves_the_directory(text)) {
    return 0;
  }
  try {
    for (const status::Provider& provider :
         status::parse_providers(text, "tests/fuzz/seeds/providers/all.toml")) {
      check(provider);
    }
  } catch (const system::ConfigError& error) {
    require(std::string_view(error.what()).starts_with("cannot use providers file "),
            "an error that does not say of what");
  }
  return 0;
}
