// html_to_line(). Senders write HTML or plain text and never say which, so this is no HTML parser,
// which would eat "a<b" and repair what was never broken: only what is surely markup (a tag that
// HTML knows, a comment, a complete character reference) is taken for it. One pass, nothing nests,
// so no text is expensive. The tables of what HTML knows are libxml2's.
#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "lib/json/utf8.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

// Longest reference between '&' and ';': HTML 4 knows "thetasym", numbers need 8.
constexpr std::size_t kMaxReference = 10;

constexpr std::string_view kBlanks = " \t\n\f\r";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' || c == '.';
}

std::string_view take_name(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_character);
  const auto size = static_cast<std::size_t>(end - rest.begin());
  const std::string_view name = rest.substr(0, size);
  rest.remove_prefix(size);
  return name;
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
}

// After '=': quoted, or up to a blank or '>'.
bool take_value(std::string_view& rest) {
  if (rest.empty()) {
    return false;
  }
  const char quote = rest.front();
  const bool quoted = quote == '"' || quote == '\'';
  const std::size_t end = quoted ? rest.find(quote, 1) : rest.find_first_of(" \t\n\f\r>");
  if (end == std::string_view::npos || end == 0) {
    return false;
  }
  rest.remove_prefix(end + (quoted ? 1 : 0));
  return true;
}

// Attributes that HTML 4 lets stand without a value, and with them what keeps "<b and c>" a text.
bool stands_alone(std::string_view attribute) {
  constexpr std::array<std::string_view, 8> kAlone{"checked", "compact", "disabled", "ismap",
                                                   "noshade", "nowrap",  "selected", "hidden"};
  return std::find(kAlone.begin(), kAlone.end(), attribute) != kAlone.end();
}

bool take_attributes(std::string_view& rest) {
  for (skip_blanks(rest); !rest.empty() && is_name_character(rest.front()); skip_blanks(rest)) {
    const std::string_view name = take_name(rest);
    skip_blanks(rest);
    if (rest.empty() || rest.front() != '=') {
      if (!stands_alone(name)) {
        return false;
      }
      continue;
    }
    rest.remove_prefix(1);
    skip_blanks(rest);
    if (!take_value(rest)) {
      return false;
    }
  }
  return true;
}

struct Element {
  bool known = false;
  bool separates = false;  // what stands before and after it are different words
  bool hides = false;      // its content is for no reader
};

std::string to_lower(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

Element look_up(const std::string& name) {
  // What came after HTML 4, which is all that libxml2 knows.
  constexpr std::array<std::string_view, 12> kNewer{"article", "aside",   "details", "figcaption",
                                                    "figure",  "footer",  "header",  "main",
                                                    "nav",     "section", "summary", "hgroup"};
  constexpr std::array<std::string_view, 3> kNewerInline{"mark", "time", "wbr"};
  if (const htmlElemDesc* found = htmlTagLookup(reinterpret_cast<const xmlChar*>(name.c_str()))) {
    const bool hides = name == "script" || name == "style";
    return {true, found->isinline == 0 || name == "br" || hides, hides};
  }
  if (std::find(kNewer.begin(), kNewer.end(), name) != kNewer.end()) {
    return {true, true, false};
  }
  return {std::find(kNewerInline.begin(), kNewerInline.end(), name) != kNewerInline.end(), false,
          false};
}

class Stripper {
 public:
  explicit Stripper(std::string_view html) : rest_(html) { plain_.reserve(html.size()); }

  std::string strip() {
    while (!rest_.empty()) {
      const std::size_t plain = std::min(rest_.find_first_of("<&"), rest_.size());
      plain_ += rest_.substr(0, plain);
      rest_.remove_prefix(plain);
      if (!rest_.empty() && !take_markup()) {
        plain_ += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return std::move(plain_);
  }

 private:
  // How far is looked ahead from a '<'. A tag that holds another '<', in an attribute, is none to
  // us: so every byte is looked at once, where else a text of tags that don't end would be read to
  // its end from each of them.
  std::string_view to_next_tag() const { return rest_.substr(0, rest_.find('<', 1)); }

  // Most of what cannot be markup shows it in its second character.
  bool take_markup() {
    if (rest_.front() == '&') {
      return take_reference();
    }
    const char next = rest_.size() > 1 ? rest_[1] : '\0';
    return next == '!' ? take_comment() || take_doctype()
                       : (next == '/' || is_letter(next)) && take_tag();
  }

  bool take_comment() {
    if (!rest_.starts_with("<!--") || no_comment_ends_) {
      return false;
    }
    const std::size_t end = rest_.find("-->", 4);
    no_comment_ends_ = end == std::string_view::npos;
    if (!no_comment_ends_) {
      rest_.remove_prefix(end + 3);
    }
    return !no_comment_ends_;
  }

  bool take_doctype() {
    if (to_lower(rest_.substr(0, 9)) != "<!doctype") {
      return false;
    }
    const std::size_t end = to_next_tag().find('>');
    if (end == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool take_tag() {
    std::string_view ahead = to_next_tag();
    ahead.remove_prefix(1);
    const bool closing = ahead.starts_with('/');
    ahead.remove_prefix(closing ? 1 : 0);
    const std::string name = to_lower(take_name(ahead));
    const Element element = name.empty() ? Element() : look_up(name);
    if (!element.known || !take_attributes(ahead)) {
      return false;
    }
    ahead.remove_prefix(ahead.starts_with('/') ? 1 : 0);
    if (!ahead.starts_with('>')) {
      return false;
    }
    rest_.remove_prefix(static_cast<std::size_t>(ahead.data() - rest_.data()) + 1);
    plain_ += element.separates ? " " : "";
    if (element.hides && !closing) {
      skip_content("</" + name);
    }
    return true;
  }

  // To the closing tag, or to the end when there is none: no reader should see a program.
  void skip_content(const std::string& closing) {
    for (std::size_t at = rest_.find("</"); at != std::string_view::npos;
         at = rest_.find("</", at + 2)) {
      if (to_lower(rest_.substr(at, closing.size())) == closing) {
        rest_.remove_prefix(at);
        return;
      }
    }
    rest_ = {};
  }

  bool take_reference() {
    const std::size_t end = rest_.substr(0, kMaxReference + 2).find(';');
    if (end == std::string_view::npos) {
      return false;
    }
    const std::string name(rest_.substr(1, end - 1));
    const char32_t c = name.starts_with('#') ? numbered(name) : named(name);
    if (c == 0) {
      return false;
    }
    json::append_code_point(plain_, c);
    rest_.remove_prefix(end + 1);
    return true;
  }

  static char32_t named(const std::string& name) {
    const htmlEntityDesc* found = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    return found != nullptr ? found->value : 0;
  }

  // "#8217" or "#x2019"; 0 when it names no character.
  static char32_t numbered(std::string_view text) {
    text.remove_prefix(1);
    const bool hex = text.starts_with('x') || text.starts_with('X');
    text.remove_prefix(hex ? 1 : 0);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && !surrogate && value <= 0x10FFFF ? value : 0;
  }

  std::string_view rest_;
  std::string plain_;
  bool no_comment_ends_ =
      false;  // else a text of nothing but "<!--" would be searched again from each
};

}  // namespace

std::string html_to_line(std::string_view html) {
  if (html.find_first_of("<&") == std::string_view::npos) {
    return to_line(html);
  }
  return to_line(Stripper(html).strip());
}

}  // namespace monitor::status
