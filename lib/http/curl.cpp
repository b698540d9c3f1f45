#include "lib/http/curl.h"

#include <dlfcn.h>

#include "lib/system/error.h"

namespace monitor::http {
namespace {

// Of Debian's package libcurl4, on which ours depends by name.
constexpr const char* kLibrary = "libcurl.so.4";

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) {
    system::fail(std::string("load ") + kLibrary, std::string("it has no ") + name);
  }
}

Curl load() {
  void* const library = ::dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);  // for good
  if (library == nullptr) {
    system::fail(std::string("load ") + kLibrary, std::string(::dlerror()) + " (libcurl4)");
  }
  Curl curl{};
  find(library, "curl_global_init", curl.global_init);
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_reset", curl.easy_reset);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_perform", curl.easy_perform);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_slist_append", curl.slist_append);
  find(library, "curl_slist_free_all", curl.slist_free_all);
  find(library, "curl_url", curl.url);
  find(library, "curl_url_set", curl.url_set);
  find(library, "curl_url_get", curl.url_get);
  find(library, "curl_url_cleanup", curl.url_cleanup);
  find(library, "curl_free", curl.free);
  if (curl.global_init(CURL_GLOBAL_ALL) !=
      CURLE_OK) {  // may not race with itself, nor does it here
    system::fail(std::string("use ") + kLibrary, "it does not start");
  }
  return curl;
}

}  // namespace

const Curl& curl() {
  static const Curl loaded = load();
  return loaded;
}

CurlHandle new_curl() {
  CurlHandle handle(curl().easy_init());
  if (!handle) {
    system::fail(std::string("use ") + kLibrary, "it makes no handle");
  }
  return handle;
}

CurlList curl_list(const std::vector<std::string>& texts) {
  CurlList list;
  for (const std::string& text : texts) {
    list.reset(curl().slist_append(list.release(), text.c_str()));
  }
  return list;
}

}  // namespace monitor::http
