// HTTP for sinks: the seam between what a sink says and the wire, and what answers mean. One
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/client.h"
#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

class Http {
 public:
  virtual ~Http() = default;
  virtual http::Fetched send(const http::Outgoing& request) = 0;
};

struct HttpSettings {
  std::chrono::milliseconds time = std::chrono::seconds(30);
  // After TERM the request under way gets this long; then it is made again at the next start.
  std::chrono::milliseconds time_to_stop = std::chrono::seconds(5);
  bool allow_private = false;
  // --dry-run: nothing is sent, each request is shown and answered 200 with an empty object.
  std::function<void(const std::string&)> show = {};
};

// Over libcurl. `orders` must outlive it.
std::unique_ptr<Http> over_http(const HttpSettings& settings, Orders& orders);

// A JSON body to `url`, with `headers` beside its type.
http::Outgoing post_json(const std::string& url, std::string json,
                         std::vector<std::string> headers = {});

// Sends, and takes `secret`, the URL's query and the credential of an Authorization header out of
// what comes back: error pages repeat what was asked for, and a reason goes into logs and dead
// letters.
http::Fetched ask(Http& http, const http::Outgoing& request, const std::string& secret = {});

// 2xx delivered; no answer, 408, 425, 429, 5xx and redirects (whose target nobody configured) try
// again, not before Retry-After; anything else rejected. `whom`: "Slack", for the reason.
Outcome judge(const http::Fetched& answer, std::string_view whom);

// http(s) with a host, and nothing that can't be in one. Throws ConfigError naming `flag`.
void check_url(const std::string& url, const std::string& flag);
// The same, without slashes at its end: what paths are put behind.
std::string base_url(std::string url, const std::string& flag);
// What follows the host, without the query: of a webhook's URL that is the secret.
std::string path_of(const std::string& url);
// The first line of a file with a secret. Throws ConfigError.
std::string read_secret(const std::string& path, const std::string& what);

}  // namespace monitor::delivery
