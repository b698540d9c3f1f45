// A user's mapping, as JSON in the first line, and the body that it is to be used on in the rest.
#include "lib/status/format.h"
#include "lib/status/mapping.h"
#include "tests/fuzz/require.h"
#include "tests/support/soundness.h"

using namespace monitor;
using namespace monitor::fuzz;

namespace {

status::Reading read_mapped(std::string_view body, const std::string& mapping, int times) {
  status::Origin origin = tests::arrival(body, status::find_format(status::kGenericFormat), times)
                              .value_or(status::Origin{});
  origin.mapping = mapping;
  return status::read_updates(status::kGenericFormat, body, origin);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t line = std::min(input.find('\n'), size);
  const std::string_view body = input.substr(std::min(line + 1, size));
  const status::Mapping mapping = status::mapping_from_json(input.substr(0, line));
  const std::string travels = status::to_json(mapping);
  require(status::mapping_from_json(travels) == mapping, "a mapping changes on its way");
  const status::Reading reading = read_mapped(body, travels, 1);
  require_none(tests::problem_in(reading));
  require_none(tests::problem_between(reading, read_mapped(body, travels, 2)));
  return 0;
}
