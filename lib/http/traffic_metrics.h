// What a server answered, for GET /metrics.
#pragma once

#include <string>

#include "lib/http/server.h"
#include "lib/metrics/exposition.h"

namespace monitor::http {

// `program`: what the names begin with, "status_store".
void write_traffic(metrics::Exposition& out, const std::string& program, const Server& server);

}  // namespace monitor::http
