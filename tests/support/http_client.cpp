#include "tests/support/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace monitor::tests {
namespace {

std::size_t take_body(char* bytes, std::size_t one, std::size_t count, void* answer) {
  static_cast<HttpAnswer*>(answer)->body.append(bytes, one * count);
  return one * count;
}

std::size_t take_header(char* bytes, std::size_t one, std::size_t count, void* answer) {
  const std::string_view line(bytes, one * count);
  if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t begin = line.find_first_not_of(' ', colon + 1);
    const std::size_t end = line.find_last_not_of("\r\n ");
    const bool empty = begin == std::string_view::npos || end < begin;
    static_cast<HttpAnswer*>(answer)->headers[name] =
        empty ? "" : line.substr(begin, end - begin + 1);
  }
  return one * count;
}

void initialise_once() {
  static const CURLcode result = ::curl_global_init(CURL_GLOBAL_ALL);  // one thread gets here first
  if (result != CURLE_OK) {
    throw std::runtime_error("cannot initialise libcurl");
  }
}

struct FreeList {
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

}  // namespace

struct HttpClient::State {
  CURL* handle = ::curl_easy_init();
  std::string trusted;
  ~State() { ::curl_easy_cleanup(handle); }
};

HttpClient::HttpClient() {
  initialise_once();
  state_ = std::make_unique<State>();
}
HttpClient::~HttpClient() = default;

void HttpClient::trust(const std::string& file) { state_->trusted = file; }

HttpAnswer HttpClient::get(const std::string& url, const std::vector<std::string>& headers) {
  return request("GET", url, "", headers);
}

HttpAnswer HttpClient::post(const std::string& url, std::string_view body,
                            const std::vector<std::string>& headers) {
  return request("POST", url, body, headers);
}

HttpAnswer HttpClient::request(const std::string& method, const std::string& url,
                               std::string_view body, const std::vector<std::string>& headers) {
  std::unique_ptr<curl_slist, FreeList> lines(::curl_slist_append(nullptr, "Expect:"));
  for (const std::string& header : headers) {
    ::curl_slist_append(lines.get(), header.c_str());
  }
  HttpAnswer answer;
  CURL* const curl = state_->handle;
  ::curl_easy_reset(curl);  // keeps the connection
  ::curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  if (!state_->trusted.empty()) {
    ::curl_easy_setopt(curl, CURLOPT_CAINFO, state_->trusted.c_str());
  }
  ::curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 1000L * kPatience.count());
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  ::curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  ::curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  if (method != "GET" && method != "HEAD") {
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  }
  if (method == "HEAD") {
    ::curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else {
    ::curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  if (::curl_easy_perform(curl) == CURLE_OK) {
    long status = 0;
    ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
  }
  return answer;
}

}  // namespace monitor::tests
