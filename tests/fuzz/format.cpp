// The way of a body from the receiver to its updates: scanned, its sender found out, read, and read
// again as a repeated delivery. One program for all formats: called fuzz-NAME it posts to
// /webhook/NAME, "auto" included. `fuzz-format --formats` prints the names that there are.
#include <iostream>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/soundness.h"

using namespace monitor;
using namespace monitor::fuzz;

namespace {

std::string format_name;

[[noreturn]] void print_formats() {
  for (const std::string& name : status::format_names()) {
    if (name != status::kGenericFormat) {  // needs a mapping: generic.cpp
      std::cout << name << '\n';
    }
  }
  std::exit(0);
}

void check_sender(const status::Origin& origin) {
  require(!origin.provider.empty() && status::to_slug(origin.provider) == origin.provider,
          "the sender has no slug");
  require(!origin.provider_name.empty() &&
              status::to_line(origin.provider_name) == origin.provider_name,
          "the sender has no name of one clean line");
}

void check_deliveries(std::string_view body, const status::Origin& first,
                      const status::Origin& again) {
  const status::Reading reading = status::read_updates(format_name, body, first);
  require(reading.recognised || reading.updates.empty(), "updates of an unrecognised body");
  require(status::to_line(reading.shape) == reading.shape, "the shape is no clean line");
  require_none(tests::problem_in(reading));
  require_none(tests::problem_between(reading, status::read_updates(format_name, body, again)));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kPrefix = "fuzz-";
  if (*argc > 1 && std::string_view((*argv)[1]) == "--formats") {
    print_formats();
  }
  const std::string called = (*argv)[0];
  const std::size_t at = called.rfind(kPrefix);
  format_name = at == std::string::npos ? "" : called.substr(at + kPrefix.size());
  require(format_name == status::kAutoFormat || status::find_format(format_name) != nullptr,
          "call it fuzz-FORMAT, not " + called);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const status::Format* format = status::find_format(format_name);
  const auto first = tests::arrival(body, format, 1);
  require(first.has_value() == json::Document::parse(body).has_value(),
          "whoever scans and whoever parses disagree on what is JSON");
  if (!first) {
    require(!status::read_updates(format_name, body, {}).recognised, "no JSON, yet recognised");
    return 0;
  }
  check_sender(*first);
  check_deliveries(body, *first, *tests::arrival(body, format, 2));
  return 0;
}
