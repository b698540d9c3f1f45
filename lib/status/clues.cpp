// ClueCollector and host_of(): what a body says about its sender.
#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/formats/fields.h"
#include "lib/status/providers.h"
#include "lib/status/text.h"

namespace monitor::status {
namespace {

// RFC 1035, 2.3.4.
constexpr std::size_t kMaxHost = 253;

// Where the platforms keep what is common to all their pages (unsubscribe links, short links): they
// name nobody.
constexpr std::array<std::string_view, 6> kSharedHosts{
    "dashboard.instatus.com", "instatus.com", "manage.statuspage.io",
    "statuspage.io",          "status.io",    "stspg.io"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// What follows "http://" or "https://" or, in a text without a scheme, all of it; empty for other
// schemes and for what is a mail address rather.
std::string_view without_scheme(std::string_view url) {
  constexpr std::string_view kMark = "://";
  const std::size_t mark = url.substr(0, url.find_first_of("/?#")).find(':');
  const bool scheme = mark != std::string_view::npos && url.substr(mark).starts_with(kMark);
  if (!scheme) {
    const bool mail = url.substr(0, url.find_first_of("/?#")).find('@') != std::string_view::npos;
    return url.starts_with("//") ? url.substr(2) : mail ? std::string_view() : url;
  }
  std::string name(url.substr(0, mark));
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return name == "http" || name == "https" ? url.substr(mark + kMark.size()) : std::string_view();
}

// "host", "host:443"; nothing for "mailto:x" and "javascript:x".
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.find(':');
  const std::string_view port = colon == std::string_view::npos ? "" : host.substr(colon + 1);
  const bool digits =
      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? host.substr(0, colon) : std::string_view();
}

// A page id, or what ends the path of the URL that stands for it:
// https://status.io/pages/5516e01e2e55e4e917000005
std::string_view page_id_in(std::string_view value) {
  const std::size_t scheme = value.find("://");
  if (scheme == std::string_view::npos) {
    return value;
  }
  const std::string_view path = value.substr(std::min(value.find('/', scheme + 3), value.size()));
  return path.substr(std::min(path.rfind('/') + 1, path.size()));
}

// The host of `url` unless it is a shared one.
std::string page_host(std::string_view url) {
  std::string host = host_of(url);
  const bool shared =
      std::find(kSharedHosts.begin(), kSharedHosts.end(), host) != kSharedHosts.end();
  return shared ? "" : host;
}

}  // namespace

std::string host_of(std::string_view url) {
  std::string_view authority = without_scheme(url);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (const std::size_t user = authority.rfind('@'); user != std::string_view::npos) {
    authority.remove_prefix(user + 1);
  }
  authority = without_port(authority);
  if (authority.ends_with('.')) {
    authority.remove_suffix(1);
  }
  std::string host(authority.substr(0, kMaxHost + 1));
  std::transform(host.begin(), host.end(), host.begin(), lower);
  const bool named = host.find('.') != std::string::npos && host.size() <= kMaxHost &&
                     host.front() != '.' && host.back() != '.' &&
                     host.find("..") == std::string::npos &&
                     std::all_of(host.begin(), host.end(), is_host_character);
  return named ? host : "";
}

ClueCollector::ClueCollector(const Format* format)
    : own_name_(format == nullptr ? std::string_view() : format->own_name),
      product_(format == nullptr ? std::string_view() : format->product) {
  const auto watch_all = [this](const Format& one) {
    watch(Field::page_id, one.page_id_paths);
    watch(Field::name, one.name_paths);
    watch(Field::url, one.url_paths);
  };
  if (format != nullptr) {
    watch_all(*format);
    return;
  }
  for (const Format* each : formats()) {
    watch_all(*each);
  }
}

void ClueCollector::watch(Field field, const std::vector<std::string_view>& paths) {
  for (const std::string_view path : paths) {
    watched_.push_back({path, field, ""});
  }
}

void ClueCollector::on_string(std::string_view path, std::string_view value) {
  for (Watched& watched : watched_) {
    if (watched.path != path || !watched.value.empty()) {
      continue;
    }
    watched.value = watched.field == Field::url    ? page_host(value)
                    : watched.field == Field::name ? cut(to_line(value), kMaxName)
                                                   : cut(to_line(page_id_in(value)), kMaxId);
  }
}

Clues ClueCollector::take() {
  Clues clues;
  for (Watched& watched : watched_) {
    const std::string value = std::exchange(watched.value, "");
    if (watched.field == Field::url) {
      const bool seen =
          std::find(clues.hosts.begin(), clues.hosts.end(), value) != clues.hosts.end();
      if (!value.empty() && !seen) {
        clues.hosts.push_back(value);
      }
      continue;
    }
    std::string& clue = watched.field == Field::page_id ? clues.page_id : clues.name;
    if (clue.empty()) {
      clue = value;
    }
  }
  if (clues.name.empty()) {
    clues.name = own_name_;
  }
  clues.product = product_;
  return clues;
}

}  // namespace monitor::status
