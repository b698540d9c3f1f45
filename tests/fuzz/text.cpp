// What is made of a sender's text: one clean line of text or HTML, a slug, a host; and of each of
// its lines a time.
#include "lib/status/text.h"
#include "lib/json/document.h"
#include "lib/json/utf8.h"
#include "lib/status/providers.h"
#include "lib/status/time.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using namespace monitor::fuzz;
using namespace monitor::status;

namespace {

void check_line(const std::string& line) {
  require(!json::invalid_utf8_at(line), "a line that is not UTF-8");
  require(line.find_first_of("\r\n\x1B\x7F") == std::string::npos, "a line of control characters");
  require(to_line(line) == line, "a line that is not clean yet");
}

void check_cut(const std::string& line, std::size_t max) {
  const std::string shorter = cut(line, max);
  std::size_t count = 0;
  for (std::string_view rest = shorter; !rest.empty(); ++count) {
    json::take_code_point(rest);
  }
  require(count <= max, "cut too long");
  require(cut(shorter, max) == shorter, "cut twice is another text");
}

void check_time(std::optional<system::Time> time) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (time) {
    const std::int64_t us = system::to_microseconds(*time);
    require(us >= 0 && us < kYear10000 * 1'000'000, "a time of another age");
    require(parse_time(system::to_rfc3339(*time)) == time, "our own form of a time is not read");
  }
}

void check_times(std::string_view text) {
  if (const auto document = json::Document::parse(text)) {
    check_time(parse_time(document->root()));
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    check_time(parse_time(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::string line = html_to_line(text);
  check_line(line);
  check_line(to_line(text));
  check_cut(line, 1 + size % 50);
  const std::string slug = to_slug(text);
  require(to_slug(slug) == slug && slug.size() <= kMaxSlug, "a slug that is none");
  const std::string host = host_of(text);
  require(host_of(host) == host, "a host that is none");
  check_times(text);
  return 0;
}
