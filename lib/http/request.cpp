#include <utility>

#include "lib/http/server.h"
#include "lib/http/word.h"
#include "lib/json/writer.h"

namespace monitor::http {

std::optional<std::string> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_word(key, name)) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::string Request::list(std::string_view name) const {
  std::string all;
  for (const auto& [key, value] : headers) {
    if (same_word(key, name)) {
      all += (all.empty() ? "" : ", ") + value;
    }
  }
  return all;
}

Response json_response(int status, std::string json) {
  json += '\n';
  return {.status = status, .body = std::move(json)};
}

Response error_response(int status, std::string_view error) {
  json::Writer out;
  out.begin_object().member("error", error).end_object();
  return json_response(status, out.take());
}

}  // namespace monitor::http
