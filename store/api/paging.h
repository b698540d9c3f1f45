// How an answer says where it goes on: the Link header of RFC 8288. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lib/http/server.h"

namespace monitor::store {

// The same request for the page after `cursor`: `</incidents?limit=2&cursor=...>; rel="next"`. A
// token among the parameters is left out: links are logged and handed on.
std::string next_link(const http::Request& request, std::string_view cursor);

}  // namespace monitor::store
