// An update as an entry of a log: severity, the datagram of journald's native protocol, and the
// message of RFC 5424. Pure; what a sender wrote can add neither a field nor a parameter.
// https://systemd.io/JOURNAL_NATIVE_PROTOCOL/, https://www.rfc-editor.org/rfc/rfc5424 (6.2.1
// facility and severity, 6.3.3 escaping, 6.4 BOM), rfc6587 3.4.1 (octet counting), rfc5612 (32473
// is a number for examples, of which nobody is the owner).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/status/update.h"

namespace monitor::delivery {

// RFC 5424 6.2.1: 2 critical, 3 error, 4 warning; 5 notice for what is over, 6 informational for
// the rest, such as maintenance.
int syslog_severity(const status::StatusUpdate& update);
// The names that --facility takes, and their numbers. Nothing else may be asked for.
const std::vector<std::string>& syslog_facilities();
int syslog_facility(std::string_view name);

struct LogEntry {
  const status::StatusUpdate& update;
  std::string key;
  std::string text;  // the message for people
  int facility = 3;  // daemon
};

// Fields MESSAGE, PRIORITY, SYSLOG_FACILITY, SYSLOG_IDENTIFIER and STATUS_...
std::string journal_entry(const LogEntry& entry);
// `host`: this machine's name.
std::string syslog_message(const LogEntry& entry, std::string_view host);
// A message as a frame of a TCP stream: "LENGTH MESSAGE".
std::string octet_counted(std::string_view message);

}  // namespace monitor::delivery
