// A --config file, as an operator may have left it: read, or refused with an error that names it.
// The receiver's options, which are of every kind.
#include <string>

#include "lib/system/error.h"
#include "receiver/options.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using namespace monitor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const MemoryFile file({reinterpret_cast<const char*>(bytes), size});
  std::string program = "status-receiver";
  std::string path = "--config=" + file.path();
  char* words[] = {program.data(), path.data(), nullptr};
  try {
    const auto options = receiver::parse_options(2, words);
    require(options.has_value(), "a file asked for --help");
    require(options->port >= 0 && options->port <= 65535 && options->max_pending >= 1,
            "a number out of its bounds was taken");
  } catch (const system::ConfigError& error) {
    require(std::string_view(error.what()).find("--config file") != std::string_view::npos,
            std::string("an error that does not say where: ") + error.what());
  }
  return 0;
}
