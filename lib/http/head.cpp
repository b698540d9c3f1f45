#include "lib/http/head.h"

#include <algorithm>
#include <cstring>

#include "lib/http/word.h"

namespace monitor::http {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 9110, 5.6.2. A space before the colon is not one of them.
bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }

bool is_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; });
}

// RFC 3986, 3.2: a name, an address, a port; whoever reads more into it is deceived.
bool is_host(std::string_view text) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:%[]";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

struct Lines {
  int count = 0;
  std::string_view last = {};
};
Lines lines_of(const Request& head, std::string_view name) {
  Lines lines;
  for (const auto& [key, value] : head.headers) {
    if (same_word(key, name)) {
      ++lines.count;
      lines.last = value;
    }
  }
  return lines;
}

std::optional<std::string_view> problem_of_length(const Request& head, std::string_view version) {
  const Lines encoding = lines_of(head, "Transfer-Encoding");
  const Lines length = lines_of(head, "Content-Length");
  if (length.count > 1) {
    return "Content-Length must stand there once";
  }
  if (encoding.count == 0) {
    return std::nullopt;
  }
  if (length.count > 0) {
    return "Content-Length and Transfer-Encoding must not stand together";
  }
  if (encoding.count > 1 || !same_word(encoding.last, "chunked")) {
    return "Transfer-Encoding can only be chunked";
  }
  return version == "HTTP/1.0" ? std::optional<std::string_view>("HTTP/1.0 has no chunks")
                               : std::nullopt;
}

std::optional<std::string_view> problem_of_host(const Request& head, std::string_view version) {
  const Lines host = lines_of(head, "Host");
  if (host.count > 1 || (host.count == 0 && version != "HTTP/1.0")) {
    return "Host must stand there once";
  }
  return is_host(host.last) ? std::nullopt
                            : std::optional<std::string_view>("Host must name a host");
}

}  // namespace

bool is_cut_cleanly(const CutHead& head) {
  constexpr std::size_t kSpace = 1;
  constexpr std::size_t kLineEnd = 2;
  const auto end_of = [](const char* text) { return text + std::strlen(text); };
  if (head.target != end_of(head.method) + kSpace ||
      head.version != head.target + head.target_size + kSpace) {
    return false;
  }
  const char* end = end_of(head.version);
  for (const CutHead::Field& field : head.fields) {
    const char* const colon = end_of(field.name);
    if (field.name != end + kLineEnd || field.value <= colon ||
        !std::all_of(colon + 1, field.value, [](char c) { return c == ' ' || c == '\t'; })) {
      return false;
    }
    end = end_of(field.value);
  }
  // Two ends of lines, which libmicrohttpd overwrote. What it notes of each field lies behind them
  // in the same block, so that they can be looked at even when they never came.
  return head.fields.empty() || std::all_of(end, end + 2 * kLineEnd, [](char c) { return c == 0; });
}

std::optional<std::string_view> problem_of(const Request& head, std::string_view version) {
  for (const auto& [name, value] : head.headers) {
    if (!is_token(name)) {
      return "a header's name must be a word, with the colon right behind it";
    }
    if (!is_text(value)) {
      return "a header must not hold control characters";
    }
  }
  const auto problem = problem_of_length(head, version);
  return problem ? problem : problem_of_host(head, version);
}

std::optional<std::string_view> problem_of_target(std::string_view target) {
  if (std::any_of(target.begin(), target.end(), [](char c) { return c == ' ' || is_control(c); })) {
    return "the path must not hold spaces or control characters";
  }
  std::string_view path = target.substr(0, target.find('?'));
  if (target.find("%00") != std::string_view::npos) {
    return "the path must not hold %00";
  }
  for (std::size_t at = 0; (at = path.find("%2", at)) != std::string_view::npos; ++at) {
    if (at + 2 < path.size() && (path[at + 2] | 0x20) == 'e') {
      return "the path must not hold %2E: a dot is a dot";
    }
  }
  return std::nullopt;
}

}  // namespace monitor::http
