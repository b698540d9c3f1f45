// HTTP as a well-behaved client speaks it, over libcurl, on one connection that is kept open
// between requests. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/deadline.h"

namespace monitor::tests {

struct HttpAnswer {
  int status = 0;                              // 0: no answer came (refused, reset, timed out)
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Of https: certificates (PEM) that are good enough, and no others.
  void trust(const std::string& file);
  // `headers` are whole lines, "Name: value".
  HttpAnswer get(const std::string& url, const std::vector<std::string>& headers = {});
  HttpAnswer post(const std::string& url, std::string_view body,
                  const std::vector<std::string>& headers = {});
  HttpAnswer request(const std::string& method, const std::string& url, std::string_view body,
                     const std::vector<std::string>& headers);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace monitor::tests
