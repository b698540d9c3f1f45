// Which pages of other origins may read the answers (CORS,
// https://fetch.spec.whatwg.org/#http-cors-protocol). Never with credentials of the browser. Pure.
#pragma once

#include <string>
#include <vector>

#include "lib/http/server.h"

namespace monitor::http {

class CrossOrigin {
 public:
  // Nobody.
  CrossOrigin() = default;
  // Each an origin, "https://wall.example" or "http://wall.example:8080", or "*" for any. Throws
  // system::ConfigError for anything else, because it would never match.
  explicit CrossOrigin(std::vector<std::string> origins);

  // Adds what lets the page read this answer.
  void allow(const Request& request, Response& response) const;
  // Answers the question a browser asks before the request itself (OPTIONS), for everybody: methods
  // that are here go into `Allow`.
  Response preflight(const Request& request, const std::string& methods) const;

 private:
  bool allows(const std::string& origin) const;

  std::vector<std::string> origins_;
  bool any_ = false;
};

}  // namespace monitor::http
