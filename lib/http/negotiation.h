// What a client may ask of an answer besides its content: not to be sent it again (ETag and
// If-None-Match, RFC 9110 section 13), and to get it packed (gzip). Pure.
#pragma once

#include <string>
#include <string_view>

#include "lib/http/server.h"

namespace monitor::http {

// For a whole answer to GET or HEAD: with an ETag, unless it is not `lasting`; 304 without a body
// when the client has it; packed when the client takes gzip and it is worth it. Others, and
// streams, are left as they are. The ETag is weak: it tells the content, packed or not.
Response negotiate(const Request& request, Response response);

// The ETag of such a body, for whoever keeps answers (Response::etag): it costs a walk through it.
std::string etag_of(std::string_view body);

}  // namespace monitor::http
