// Heads that libmicrohttpd 0.9.75 takes and that another server on the way, a proxy, may understand
// otherwise: then a part of one request becomes a request of its own (request smuggling). What RFC
// 9112 leaves to doubt is refused here, and the connection ends. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/http/server.h"

namespace monitor::http {

// A head as libmicrohttpd cut it to C strings, in the buffer that it came in.
struct CutHead {
  struct Field {
    const char* name;
    const char* value;
  };
  const char* method;
  const char* target;
  std::size_t target_size;  // of what was sent: libmicrohttpd decodes it in its place
  const char* version;
  std::vector<Field> fields;
};

// What doesn't lie where RFC 9112 puts it: a NUL that hides the rest of a piece, a line that does
// not end in CRLF, a folded one (libmicrohttpd appends its text to the name), two spaces. Compares
// addresses, which is all that is left of those.
bool is_cut_cleanly(const CutHead& head);

// Why a head is refused, for the sender to read; nothing: its fields and its body's length are
// beyond doubt.
std::optional<std::string_view> problem_of(const Request& head, std::string_view version);

// Of a request line, as it was sent.
std::optional<std::string_view> problem_of_target(std::string_view target);

}  // namespace monitor::http
