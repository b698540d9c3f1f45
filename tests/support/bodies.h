// Webhook bodies as tests post them.
#pragma once

#include <string>
#include <string_view>

namespace monitor::tests {

// The example of the README: page, one component, one update without an id.
inline constexpr std::string_view kExampleBody = R"({
  "incident": {
    "id": "abc123",
    "name": "Chat API - High Error Rates",
    "status": "investigating",
    "updated_at": "2026-02-20T14:32:00Z",
    "components": [
      {"name": "Chat Completions API"}
    ],
    "incident_updates": [
      {
        "body": "We are investigating elevated error rates"
      }
    ]
  },
  "page": {
    "name": "OpenAI"
  }
})";
inline constexpr std::string_view kExampleFirstLine =
    "[2026-02-20 14:32:00] Product: OpenAI - Chat Completions API";
inline constexpr std::string_view kExampleSecondLine =
    "Status: We are investigating elevated error rates";

// A Statuspage incident of its own for each `id`, whose update says `message`; `padding` more bytes
// make it as long as real ones, which the programs ignore.
std::string incident_body(std::string_view id, std::string_view message = "Looking into it",
                          std::size_t padding = 0);

}  // namespace monitor::tests
