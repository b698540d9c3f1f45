#include "tests/support/bodies.h"

#include <fmt/format.h>

namespace monitor::tests {

std::string incident_body(std::string_view id, std::string_view message, std::size_t padding) {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"Incident {0}",)"
      R"("status":"investigating","impact":"minor","created_at":"2026-02-20T14:32:00Z",)"
      R"("updated_at":"2026-02-20T14:32:00Z","components":[{{"id":"c1","name":"API","status":"degraded_performance"}}],)"
      R"("incident_updates":[{{"id":"u-{0}","status":"investigating","body":"{1}",)"
      R"("created_at":"2026-02-20T14:32:00Z"}}]}},"padding":"{2:x>{3}}"}})",
      id, message, "", padding);
}

}  // namespace monitor::tests
