// libcurl as its two users (client.cpp, sinks/delivery/mailer.cpp) have it; nobody else includes
// this. It is loaded when it is first needed: with all that it brings it takes a third of the
// memory of a program at rest, and a receiver needs it only for Amazon SNS.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

namespace monitor::http {

// The functions in use, under their names without curl_.
struct Curl {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_url) url;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_free) free;
};

// Ready for use, any thread. Throws system::Failure when it can't be loaded; the next call tries
// again.
const Curl& curl();

struct FreeCurl {
  void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;
// Throws system::Failure.
CurlHandle new_curl();

struct FreeCurlList {
  void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;
CurlList curl_list(const std::vector<std::string>& texts);

}  // namespace monitor::http
