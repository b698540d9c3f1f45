#include "lib/http/origin.h"

#include <libxml/uri.h>

#include <memory>

namespace monitor::http {
namespace {

constexpr int kHighestPort = 65535;

}  // namespace

std::string origin_of(const std::string& url) {
  struct Free {
    void operator()(xmlURI* uri) const { ::xmlFreeURI(uri); }
  };
  const auto slashes = url.find("//");
  const auto end = slashes == std::string::npos ? slashes : url.find_first_of("/?#", slashes + 2);
  const std::unique_ptr<xmlURI, Free> uri(::xmlParseURI(url.substr(0, end).c_str()));
  if (!uri || uri->scheme == nullptr || uri->server == nullptr || uri->port > kHighestPort) {
    return "://";
  }
  const std::string origin = std::string(uri->scheme) + "://" + uri->server;
  return uri->port > 0 ? origin + ':' + std::to_string(uri->port) : origin;
}

}  // namespace monitor::http
