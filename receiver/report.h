// What GET /health, /metrics and / say. Functions of the counters; /metrics asks
// the kernel about the process besides.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/http/server.h"
#include "lib/system/clock.h"
#include "receiver/counters.h"

namespace monitor::receiver {

// Requests that were refused, for one reason.
struct Refusal {
  int code;
  const char* reason;
  std::uint64_t count;
};
std::vector<Refusal> refusals(const Counters& counters, const http::Server& server);

// 200, or 503 while webhooks can't be taken.
http::Response health(const Counters& counters, const http::Server& server, system::Time now);
// For Prometheus.
http::Response metrics(const Counters& counters, const http::Server& server, system::Time now);
// For somebody who opened the receiver in a browser.
http::Response index();

}  // namespace monitor::receiver
