// The events that AWS sends, out of whatever envelope they came in: aws.cpp tells which it is and
// has it read here. Like fields.h, every function takes whatever is there and never fails.
#pragma once

#include <string>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/format.h"
#include "lib/status/update.h"

namespace monitor::status::aws {

StatusUpdate read_health_event(json::View event, const Origin& origin);
// As SNS carries it, with when SNS did so, and as EventBridge sends it.
StatusUpdate read_sns_alarm(json::View event, json::View sent_at, const Origin& origin);
StatusUpdate read_alarm_event(json::View event, const Origin& origin);

// "EC2 (us-west-2)"; none without a service.
std::vector<Component> service_in(const std::string& service, const std::string& region);

}  // namespace monitor::status::aws
