// What GET /health, /metrics and / say. Pure functions of the counters.
#pragma once

#include <string>

#include "lib/http/server.h"
#include "lib/system/clock.h"
#include "receiver/counters.h"

namespace monitor::receiver {

// 200, or 503 while webhooks can't be taken.
http::Response health(const Counters& counters, const http::Server& server, system::Time now);
// Prometheus text format, version 0.0.4.
http::Response metrics(const Counters& counters, const http::Server& server);
// For somebody who opened the receiver in a browser.
http::Response index();

}  // namespace monitor::receiver
