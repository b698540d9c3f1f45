// How the tests of formats read a body: as one that arrived from a page called Kestrel Mail.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/status/format.h"

namespace monitor::tests {

// It arrives at 2026-09-21T14:13:20Z and so much `later`.
inline status::Reading read_at(std::string_view format, const std::string& body,
                               std::chrono::microseconds later = {}) {
  status::Origin origin;
  origin.provider = "kestrel-mail";
  origin.provider_name = "Kestrel Mail";
  origin.received_at = system::from_microseconds(1'790'000'000'000'000 + later.count());
  return status::read_updates(format, body, origin);
}

// The one update in it; the test ends when there is none or several.
inline status::StatusUpdate only_update(std::string_view format, const std::string& body,
                                        std::chrono::microseconds later = {}) {
  const status::Reading reading = read_at(format, body, later);
  BOOST_REQUIRE_MESSAGE(reading.updates.size() == 1U, "not read: " << body);
  return reading.updates[0];
}

inline std::string time_text(const std::optional<system::Time>& time) {
  return time ? system::to_rfc3339_seconds(*time) : "none";
}

}  // namespace monitor::tests
