#include "receiver/sample.h"

#include <fmt/format.h>

namespace monitor::receiver {
namespace {

constexpr const char kSample[] = R"({{"page":{{"name":"Test Provider"}},
"incident":{{"id":"test-{0}","name":"Test incident","status":"resolved","impact":"minor",
"created_at":"{1}","updated_at":"{1}","resolved_at":"{1}",
"components":[{{"id":"test","name":"Sample API","status":"operational"}}],
"incident_updates":[{{"id":"test-{0}-1","status":"resolved",
"body":"This is a test: webhooks reach this monitor.","created_at":"{1}"}}]}}}})";

}  // namespace

feed::Event sample_event(system::Time now) {
  return {.stream = {},
          .seq = 0,
          .received_at = now,
          .format = "statuspage",
          .provider = "test-provider",
          .provider_name = "Test Provider",
          .test = true,
          .body = fmt::format(kSample, system::to_microseconds(now), system::to_rfc3339(now))};
}

}  // namespace monitor::receiver
