#include "store/api/icalendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/json/utf8.h"
#include "lib/system/version.h"

namespace monitor::store {
namespace {

// RFC 5545, section 3.1: octets of a line without its end.
constexpr std::size_t kMostOctets = 75;

// Announcements are days ahead; that one begins, or is over, should show soon.
constexpr std::string_view kRefreshTime = "PT15M";

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A line that is too long goes on in the next, after a space that counts; a code point stays whole.
void write_line(std::string& out, std::string_view line) {
  std::size_t room = kMostOctets;
  while (line.size() > room) {
    std::size_t end = room;
    while (continues_code_point(line[end])) {
      --end;
    }
    out.append(line.substr(0, end)).append("\r\n ");
    line.remove_prefix(end);
    room = kMostOctets - 1;
  }
  out.append(line).append("\r\n");
}

void write(std::string& out, std::string_view name, std::string_view value) {
  write_line(out, fmt::format("{}:{}", name, value));
}

// TEXT of RFC 5545, section 3.3.11: a newline is \n, other control characters can't be said.
std::string to_text(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const char32_t c = json::take_code_point(text);
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) {
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') {
      escaped += '\\';
    }
    json::append_code_point(escaped, c);
  }
  return escaped;
}

void write_text(std::string& out, std::string_view name, std::string_view text) {
  write(out, name, to_text(text));
}

// "20260220T143200Z"
std::string moment(system::Time time) {
  std::string text = system::to_rfc3339_seconds(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// A time has four digits for the year.
constexpr system::Time kLastMoment =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::seconds(86'399);

std::string end_of_window(const IncidentRecord& maintenance) {
  const auto begin = std::chrono::floor<std::chrono::seconds>(*maintenance.scheduled_for);
  const auto until = std::chrono::floor<std::chrono::seconds>(
      maintenance.scheduled_until.value_or(*maintenance.scheduled_for));
  return moment(until > begin ? until : std::min<system::Time>(begin + kUsualWindow, kLastMoment));
}

std::string update_in_words(const UpdateRecord& update) {
  const std::string time = system::to_plain(update.happened_at).substr(0, 16);
  const std::string status = update.status.empty() ? "" : in_words(update.status) + ": ";
  return fmt::format("{} UTC: {}{}\n", time, status, update.message);
}

std::string description(const IncidentDetail& detail) {
  std::string text = fmt::format("Status: {}\n", in_words(detail.incident.status));
  if (!detail.incident.components.empty()) {
    text += fmt::format("Affected: {}\n", components_in_words(detail.incident.components));
  }
  const std::size_t shown = std::min(detail.updates.size(), kMostUpdates);
  for (std::size_t i = 0; i < shown; ++i) {
    text += update_in_words(detail.updates[i]);
  }
  if (shown < detail.updates.size()) {
    text += fmt::format("{} earlier updates\n", detail.updates.size() - shown);
  }
  text.pop_back();
  return text;
}

void write_times(std::string& out, const IncidentRecord& maintenance) {
  const std::string changed = moment(maintenance.updated_at);
  // Without a METHOD it is the time of the newest change (RFC 5545, section 3.8.7.2).
  write(out, "DTSTAMP", changed);
  write(out, "CREATED", moment(maintenance.created_at));
  write(out, "LAST-MODIFIED", changed);
  write(out, "DTSTART", moment(*maintenance.scheduled_for));
  write(out, "DTEND", end_of_window(maintenance));
}

void write_event(std::string& out, const IncidentDetail& detail) {
  const IncidentRecord& maintenance = detail.incident;
  write(out, "BEGIN", "VEVENT");
  write(out, "UID", lasting_uuid(maintenance));
  write_times(out, maintenance);
  // Updates are never taken back: it only grows.
  write(out, "SEQUENCE", std::to_string(std::max<std::size_t>(detail.updates.size(), 1) - 1));
  write_text(out, "SUMMARY", headline(maintenance));
  write_text(out, "DESCRIPTION", description(detail));
  if (!maintenance.url.empty()) {
    write(out, "URL", to_uri(maintenance.url));
  }
  write(out, "CATEGORIES", fmt::format("MAINTENANCE,{}", to_text(maintenance.provider_name)));
  write(out, "STATUS", "CONFIRMED");
  write(out, "TRANSP", "TRANSPARENT");  // whoever subscribes is not busy then
  write(out, "END", "VEVENT");
}

// A calendar must hold something (RFC 5545, section 3.6): where nothing is planned, a time zone.
void write_nothing(std::string& out) {
  for (const std::string_view line :
       {"BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "TZNAME:UTC", "END:STANDARD", "END:VTIMEZONE"}) {
    write_line(out, line);
  }
}

void write_head(std::string& out, const FeedHead& head) {
  const std::string name = "Maintenance of " + whom(head);
  write(out, "VERSION", "2.0");
  write(out, "PRODID", fmt::format("-//status-monitor//status-store {}//EN", system::kVersion));
  write(out, "CALSCALE", "GREGORIAN");
  write(out, "UID", lasting_uuid({"calendar", head.provider}));
  // The second of each pair is what calendars knew before RFC 7986.
  write_text(out, "NAME", name);
  write_text(out, "X-WR-CALNAME", name);
  write(out, "REFRESH-INTERVAL;VALUE=DURATION", kRefreshTime);
  write(out, "X-PUBLISHED-TTL", kRefreshTime);
}

}  // namespace

std::string maintenance_calendar(const FeedHead& head,
                                 const std::vector<IncidentDetail>& maintenances) {
  std::string events;
  for (const IncidentDetail& detail : maintenances) {
    if (detail.incident.scheduled_for) {
      write_event(events, detail);
    }
  }
  std::string calendar;
  write(calendar, "BEGIN", "VCALENDAR");
  write_head(calendar, head);
  events.empty() ? write_nothing(calendar) : static_cast<void>(calendar += events);
  write(calendar, "END", "VCALENDAR");
  return calendar;
}

}  // namespace monitor::store
