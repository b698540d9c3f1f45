#include "sinks/delivery/http_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/http/origin.h"
#include "lib/http/secret_file.h"
#include "lib/status/text.h"
#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

// Of an answer, in a reason: enough for an error's text.
constexpr std::size_t kMaxExcerpt = 300;
// A destination that asks for more time than this is asked again all the same.
constexpr std::chrono::seconds kLongestWait = std::chrono::hours(1);

bool is_passing(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

void take_out(const std::string& secret, std::string& text) {
  for (auto at = text.find(secret); secret.size() > 1 && at != std::string::npos;
       at = text.find(secret, at)) {
    text.replace(at, secret.size(), "...");
  }
}

// "sig=xyz" of "https://hook.example/path?sig=xyz".
std::string query_of(const std::string& url) {
  const auto mark = url.find('?');
  return mark == std::string::npos ? "" : url.substr(mark + 1);
}

// "xyz" of "Authorization: Bearer xyz".
std::string credential_in(const std::vector<std::string>& headers) {
  for (const std::string& header : headers) {
    if (header.starts_with("Authorization: ")) {
      return header.substr(header.rfind(' ') + 1);
    }
  }
  return "";
}

}  // namespace

http::Outgoing post_json(const std::string& url, std::string json,
                         std::vector<std::string> headers) {
  headers.emplace_back("Content-Type: application/json");
  return {.method = "POST", .url = url, .headers = std::move(headers), .body = std::move(json)};
}

http::Fetched ask(Http& http, const http::Outgoing& request, const std::string& secret) {
  http::Fetched answer = http.send(request);
  for (std::string* text : {&answer.body, &answer.error}) {
    take_out(secret, *text);
    take_out(credential_in(request.headers), *text);
    take_out(query_of(request.url), *text);
  }
  return answer;
}

Outcome judge(const http::Fetched& answer, std::string_view whom) {
  if (answer.status >= 200 && answer.status < 300) {
    return Outcome::delivered();
  }
  if (answer.status == 0) {
    return Outcome::retry(fmt::format("{} can't be reached: {}", whom, answer.error));
  }
  if (answer.status >= 300 && answer.status < 400) {
    return Outcome::retry(
        fmt::format("{} answers {}, a redirect, which is not followed: configure "
                    "the address it leads to",
                    whom, answer.status));
  }
  const std::string excerpt = status::cut(status::to_line(answer.body), kMaxExcerpt);
  const std::string reason =
      fmt::format("{} answers {}{}{}", whom, answer.status, excerpt.empty() ? "" : ": ", excerpt);
  const auto wait = std::min(answer.retry_after.value_or(std::chrono::seconds(0)), kLongestWait);
  return is_passing(answer.status) ? Outcome::retry(reason, wait) : Outcome::rejected(reason);
}

void check_url(const std::string& url, const std::string& flag) {
  const bool scheme = url.starts_with("https://") || url.starts_with("http://");
  const bool clean =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != 127; });
  const std::string origin = http::origin_of(url);
  if (!scheme || !clean || origin.ends_with("//")) {
    throw system::ConfigError(
        fmt::format("cannot use {}: give a whole URL, as https://example.com/path", flag));
  }
}

std::string base_url(std::string url, const std::string& flag) {
  check_url(url, flag);
  while (url.ends_with('/')) {
    url.pop_back();
  }
  return url;
}

std::string path_of(const std::string& url) {
  const auto slash = url.find('/', url.find("://") + 3);
  return slash == std::string::npos ? "" : url.substr(slash, url.find('?', slash) - slash);
}

std::string read_secret(const std::string& path, const std::string& what) {
  return http::read_secret_file(path, what).front().secret;
}

}  // namespace monitor::delivery
