// What a request's path asks the receiver for. Pure.
#pragma once

#include <string>

namespace monitor::receiver {

struct Route {
  enum class Kind { webhook, test, health, metrics, index, incidents, unknown };
  Kind kind = Kind::unknown;
  std::string format;    // of a webhook
  std::string provider;  // of a webhook: the slug in its path, may be empty
  std::string problem;   // of an unknown one: what is wrong, may be empty
};

Route route_of(const std::string& path);
// As Allow lists them: "POST, PUT, PATCH".
std::string methods_of(const Route& route);
// What the 404 of a route that leads nowhere says.
std::string advice_on(const Route& route);

}  // namespace monitor::receiver
