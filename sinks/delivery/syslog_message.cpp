#include "sinks/delivery/syslog_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/status/filter.h"
#include "lib/status/text.h"
#include "sinks/delivery/template.h"

namespace monitor::delivery {
namespace {

constexpr std::string_view kName = "status-monitor";
constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kMaxHost = 255;
// RFC 5424 6.1: receivers should take 2048 octets, and may cut what is longer.
constexpr std::size_t kMaxText = 1500;
constexpr std::size_t kMaxValue = 255;
// In characters; even four fields like this are one datagram.
constexpr std::size_t kMaxField = 8000;

struct Part {
  const char* field;      // of the journal, behind STATUS_
  const char* parameter;  // of RFC 5424
  std::string value;
};

std::vector<Part> parts_of(const LogEntry& entry) {
  const status::StatusUpdate& update = entry.update;
  std::vector<Part> parts{{"PROVIDER", "provider", update.provider},
                          {"PROVIDER_NAME", "provider_name", update.provider_name},
                          {"KIND", "kind", std::string(word(update.kind))},
                          {"INCIDENT", "incident", update.incident_id},
                          {"NAME", "name", update.name},
                          {"IMPACT", "impact", std::string(word(update.impact))},
                          {"STATUS", "status", std::string(word(update.state))},
                          {"COMPONENTS", "components", components_of(update)},
                          {"URL", "url", update.url},
                          {"HAPPENED_AT", "happened_at", system::to_rfc3339(update.happened_at)},
                          {"KEY", "key", entry.key}};
  std::erase_if(parts, [](const Part& part) { return part.value.empty(); });
  return parts;
}

// A value of one line stands behind '='. One of several, which journald takes too, needs another
// form; there is none, as to_line() makes one line of all.
std::string field(std::string_view name, std::string_view value) {
  return fmt::format("{}={}\n", name, status::cut(status::to_line(value), kMaxField));
}

std::string parameter(std::string_view name, std::string_view value) {
  std::string escaped;
  for (const char c : status::cut(status::to_line(value), kMaxValue)) {
    escaped += c == '"' || c == '\\' || c == ']' ? "\\" : "";
    escaped += c;
  }
  return fmt::format(" {}=\"{}\"", name, escaped);
}

std::string host_name(std::string_view host) {
  const bool clean =
      std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c <= '~'; });
  return host.empty() || !clean ? "-" : std::string(host.substr(0, kMaxHost));
}

}  // namespace

int syslog_severity(const status::StatusUpdate& update) {
  if (is_over(update.state)) {
    return 5;
  }
  const auto weight = status::weight_of(update);
  if (!weight || *weight == status::Impact::none) {
    return 6;
  }
  return *weight == status::Impact::critical ? 2 : *weight == status::Impact::major ? 3 : 4;
}

// In the order of their numbers (6.2.1); 12 to 15 have no name that all agree on.
const std::vector<std::string>& syslog_facilities() {
  static const std::vector<std::string> names{"kern",     "user",   "mail",   "daemon", "auth",
                                              "syslog",   "lpr",    "news",   "uucp",   "cron",
                                              "authpriv", "ftp",    "local0", "local1", "local2",
                                              "local3",   "local4", "local5", "local6", "local7"};
  return names;
}

int syslog_facility(std::string_view name) {
  const auto& names = syslog_facilities();
  const auto place = std::find(names.begin(), names.end(), name) - names.begin();
  return static_cast<int>(place < 12 ? place : place + 4);
}

std::string journal_entry(const LogEntry& entry) {
  std::string text = field("MESSAGE", entry.text) +
                     field("PRIORITY", std::to_string(syslog_severity(entry.update))) +
                     field("SYSLOG_FACILITY", std::to_string(entry.facility)) +
                     field("SYSLOG_IDENTIFIER", kName);
  for (const Part& part : parts_of(entry)) {
    text += field(std::string("STATUS_") + part.field, part.value);
  }
  return text;
}

std::string syslog_message(const LogEntry& entry, std::string_view host) {
  std::string text = fmt::format("<{}>1 {} {} {} - {} [status@32473",
                                 entry.facility * 8 + syslog_severity(entry.update),
                                 system::to_rfc3339(entry.update.received_at), host_name(host),
                                 kName, word(entry.update.kind));
  for (const Part& part : parts_of(entry)) {
    text += parameter(part.parameter, part.value);
  }
  return fmt::format("{}] {}{}", text, kBom, status::cut(status::to_line(entry.text), kMaxText));
}

std::string octet_counted(std::string_view message) {
  return fmt::format("{} {}", message.size(), message);
}

}  // namespace monitor::delivery
