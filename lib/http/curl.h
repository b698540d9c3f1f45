// What the two users of libcurl (client.cpp, sinks/delivery/mailer.cpp) have in common; nobody else
// includes this.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

namespace monitor::http {

// A handle of libcurl, null when it can't be used.
inline CURL* new_curl() {
  // curl_global_init() may not race with itself.
  static const bool initialised = ::curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  return initialised ? ::curl_easy_init() : nullptr;
}

struct FreeCurlList {
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;

inline CurlList curl_list(const std::vector<std::string>& texts) {
  CurlList list;
  for (const std::string& text : texts) {
    list.reset(::curl_slist_append(list.release(), text.c_str()));
  }
  return list;
}

}  // namespace monitor::http
