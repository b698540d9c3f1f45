#include "store/api/feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/json/utf8.h"
#include "lib/status/digest.h"

namespace monitor::store {
namespace {

bool is_for_xml(char32_t c) {
  const bool control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c <= 0x9F);
  const bool no_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
  return !control && !no_character;
}

std::string_view reference_for(char32_t c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr std::string_view kUriMarks = "-._~:/?#[]@!$&'()*+,;=";

bool is_for_uri(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || kUriMarks.find(c) != std::string_view::npos;
}

}  // namespace

std::string whom(const FeedHead& head) {
  return head.provider.empty() ? "all providers" : head.provider_name;
}

std::string headline(const IncidentRecord& incident) {
  return fmt::format("[{}] {}", incident.provider_name,
                     incident.name.empty() ? incident.kind : incident.name);
}

std::string components_in_words(const std::vector<ComponentRecord>& components) {
  std::string text;
  for (const ComponentRecord& component : components) {
    text += text.empty() ? "" : ", ";
    text += component.name;
    if (!component.status.empty()) {
      text += fmt::format(" ({})", in_words(component.status));
    }
  }
  return text;
}

std::string in_words(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string lasting_uuid(std::initializer_list<std::string_view> fields) {
  std::string digits = status::digest(fields);
  digits[12] = '8';                                               // the version
  digits[16] = "89ab"[static_cast<std::size_t>(digits[16]) % 4];  // the variant
  const std::string_view all(digits);
  return fmt::format("{}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4),
                     all.substr(16, 4), all.substr(20));
}

std::string lasting_uuid(const IncidentRecord& incident) {
  return lasting_uuid({"entry", incident.provider, incident.kind, incident.id});
}

std::string to_uri(std::string_view url) {
  std::string uri;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const bool encoded =
        url[i] == '%' && i + 2 < url.size() && is_hex(url[i + 1]) && is_hex(url[i + 2]);
    if (encoded || is_for_uri(url[i])) {
      uri += url[i];
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(url[i]));
    }
  }
  return uri;
}

std::string to_xml(std::string_view text) {
  std::string xml;
  xml.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const char32_t c = json::take_code_point(text);
    const std::string_view reference = reference_for(c);
    if (!reference.empty()) {
      xml += reference;
    } else if (is_for_xml(c)) {
      json::append_code_point(xml, c);
    }
  }
  return xml;
}

}  // namespace monitor::store
