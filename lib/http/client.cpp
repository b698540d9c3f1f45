#include "lib/http/client.h"

#include <curl/curl.h>

#include <memory>

#include "lib/system/error.h"
#include "lib/system/version.h"

namespace monitor::http {
namespace {

// curl_global_init() may not race with itself.
bool initialised() {
  static const bool done = ::curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  return done;
}

struct FreeHandle {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct Taking {
  std::string& body;
  std::size_t most;
};

std::size_t take(char* bytes, std::size_t one, std::size_t count, void* context) {
  const auto& taking = *static_cast<Taking*>(context);
  const std::size_t size = one * count;
  if (size > taking.most - taking.body.size()) {
    return CURL_WRITEFUNC_ERROR;
  }
  taking.body.append(bytes, size);
  return size;
}

int look(void* given_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(given_up)->load() ? 1 : 0;
}

std::string reason(CURLcode code, bool given_up) {
  if (given_up) {
    return "given up, the program is ending";
  }
  return code == CURLE_WRITE_ERROR ? "the answer is too large" : ::curl_easy_strerror(code);
}

}  // namespace

Fetched Client::get(const std::string& url) {
  const Handle handle(initialised() ? ::curl_easy_init() : nullptr);
  if (!handle) {
    return {.error = "libcurl can't be used"};
  }
  Fetched fetched;
  Taking taking{fetched.body, settings_.max_body};
  const std::string agent = "status-monitor/" + std::string(system::kVersion);
  CURL* const easy = handle.get();
  ::curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, settings_.https_only ? "https" : "http,https");
  ::curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.patience.count()));
  ::curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a name server may take longer than we
  ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);    // or a slow resolver would end us by SIGALRM
  ::curl_easy_setopt(easy, CURLOPT_USERAGENT, agent.c_str());
  ::curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
  ::curl_easy_setopt(easy, CURLOPT_WRITEDATA, &taking);
  ::curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look);
  ::curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &given_up_);
  const CURLcode code = given_up_ ? CURLE_ABORTED_BY_CALLBACK : ::curl_easy_perform(easy);
  if (code != CURLE_OK) {
    return {.error = reason(code, given_up_)};
  }
  long status = 0;
  ::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  fetched.status = static_cast<int>(status);
  return fetched;
}

}  // namespace monitor::http
