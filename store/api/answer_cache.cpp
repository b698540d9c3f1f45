#include "store/api/answer_cache.h"

#include "lib/http/negotiation.h"

namespace monitor::store {

std::optional<http::Response> AnswerCache::find(const http::Request& request, const Moment& now) {
  if (now != moment_) {
    clear();
    moment_ = now;
  }
  const auto found = answers_.find(key_of(request));
  if (found == answers_.end()) {
    return std::nullopt;
  }
  http::Response response;
  response.body = found->second.body;
  response.content_type = found->second.content_type;
  response.headers = found->second.headers;
  response.etag = found->second.etag;
  return response;
}

void AnswerCache::keep(const http::Request& request, http::Response& response) {
  if (response.status != 200 || !response.lasting || response.stream != nullptr ||
      response.body.size() > kMostCached / 4) {
    return;
  }
  if (bytes_ + response.body.size() > kMostCached) {
    clear();
  }
  bytes_ += response.body.size();
  response.etag = http::etag_of(response.body);
  answers_[key_of(request)] = {response.body, response.content_type, response.headers,
                               response.etag};
}

void AnswerCache::clear() {
  answers_.clear();
  bytes_ = 0;
}

// The token is the same client's or another's, the answer is not another for it. A zero byte is in
// no path and no parameter.
std::string AnswerCache::key_of(const http::Request& request) {
  std::string key = request.path;
  for (const auto& [name, value] : request.parameters) {
    if (name != "token") {
      key += '\0' + name + '\0' + value;
    }
  }
  return key;
}

}  // namespace monitor::store
