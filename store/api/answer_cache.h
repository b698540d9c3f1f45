// Answers as they were made last, for as long as the database stays as it is: boards and dashboards
// ask the same few questions again and again, and between two commits the answers are the same
// bytes. Used by the Api, on the HTTP server's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "lib/http/server.h"
#include "lib/system/clock.h"

namespace monitor::store {

// Some hundred pages of 50 incidents; when it is full it begins anew.
inline constexpr std::size_t kMostCached = 16 << 20;

class AnswerCache {
 public:
  // A state of the database, and the minute: what is to come, and which day it is, depend on it.
  struct Moment {
    std::int64_t version = 0;
    std::int64_t minute = 0;
    bool operator==(const Moment&) const = default;
  };

  // The same answer to the same request; nothing when it was made at another moment.
  std::optional<http::Response> find(const http::Request& request, const Moment& now);
  // Keeps an answer of 200 that lasts, and gives it its tag; others are left alone.
  void keep(const http::Request& request, http::Response& response);
  void clear();

 private:
  struct Answer {
    std::string body;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string etag;
  };

  static std::string key_of(const http::Request& request);

  Moment moment_;
  std::map<std::string, Answer> answers_;
  std::size_t bytes_ = 0;
};

}  // namespace monitor::store
