#include "store/api/atom.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "lib/system/version.h"

namespace monitor::store {
namespace {

using Output = std::back_insert_iterator<std::string>;

std::span<const UpdateRecord> newest_of(const std::vector<UpdateRecord>& updates) {
  return std::span(updates).first(std::min(updates.size(), kMostUpdates));
}

void write_element(Output out, std::string_view name, std::string_view text) {
  fmt::format_to(out, "<{0}>{1}</{0}>\n", name, to_xml(text));
}

void write_category(Output out, std::string_view what, std::string_view word) {
  fmt::format_to(out, "<category term=\"{}:{}\" label=\"{}\"/>\n", what, to_xml(word),
                 to_xml(in_words(word)));
}

// "2026-02-20 14:32 UTC"
std::string moment(system::Time time) { return system::to_plain(time).substr(0, 16) + " UTC"; }

// HTML, in which to_xml() escapes as well as in XML; the caller escapes the whole once more.
std::string update_in_html(const UpdateRecord& update) {
  std::string html = fmt::format("<p><small>{}</small>", moment(update.happened_at));
  if (!update.status.empty()) {
    html += fmt::format(" <strong>{}</strong>", to_xml(in_words(update.status)));
  }
  return html + fmt::format("<br/>{}</p>\n", to_xml(update.message));
}

std::string window_in_html(const IncidentRecord& incident) {
  if (!incident.scheduled_for) {
    return "";
  }
  const std::string end =
      incident.scheduled_until ? " to " + moment(*incident.scheduled_until) : "";
  return fmt::format("<p>Window: {}{}</p>\n", moment(*incident.scheduled_for), end);
}

std::string content_in_html(const IncidentDetail& detail) {
  std::string html = window_in_html(detail.incident);
  if (!detail.incident.components.empty()) {
    html += fmt::format("<p>Affected: {}</p>\n",
                        to_xml(components_in_words(detail.incident.components)));
  }
  for (const UpdateRecord& update : newest_of(detail.updates)) {
    html += update_in_html(update);
  }
  if (detail.updates.size() > kMostUpdates) {
    html += fmt::format("<p>{} earlier updates</p>\n", detail.updates.size() - kMostUpdates);
  }
  return html;
}

// The words say of what they are: `none` and `maintenance` alone tell a filter nothing.
void write_categories(Output out, const IncidentRecord& incident) {
  write_category(out, "provider", incident.provider);
  write_category(out, "kind", incident.kind);
  write_category(out, "status", incident.status);
  write_category(out, "impact", incident.impact);
  if (incident.test) {
    fmt::format_to(out, "<category term=\"test\" label=\"test\"/>\n");
  }
}

void write_entry(Output out, const IncidentDetail& detail) {
  const IncidentRecord& incident = detail.incident;
  fmt::format_to(out, "<entry>\n<id>urn:uuid:{}</id>\n", lasting_uuid(incident));
  write_element(out, "title", fmt::format("{}: {}", headline(incident), in_words(incident.status)));
  write_element(out, "published", system::to_rfc3339_seconds(incident.created_at));
  write_element(out, "updated", system::to_rfc3339_seconds(incident.updated_at));
  fmt::format_to(out, "<author><name>{}</name></author>\n", to_xml(incident.provider_name));
  if (!incident.url.empty()) {
    fmt::format_to(out, "<link rel=\"alternate\" href=\"{}\"/>\n", to_xml(to_uri(incident.url)));
  }
  write_categories(out, incident);
  fmt::format_to(out, "<content type=\"html\">{}</content>\n</entry>\n",
                 to_xml(content_in_html(detail)));
}

system::Time newest(const std::vector<IncidentDetail>& incidents) {
  system::Time time{};
  for (const IncidentDetail& detail : incidents) {
    time = std::max(time, detail.incident.updated_at);
  }
  return time;
}

void write_head(Output out, const FeedHead& head, system::Time updated) {
  const std::string query = head.provider.empty() ? "" : "?provider=" + head.provider;
  fmt::format_to(out, "<id>urn:uuid:{}</id>\n", lasting_uuid({"feed", head.provider}));
  write_element(out, "title", "Status of " + whom(head));
  write_element(out, "updated", system::to_rfc3339_seconds(updated));
  fmt::format_to(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"feed.atom{}\"/>\n",
                 to_xml(to_uri(query)));
  fmt::format_to(out, "<link rel=\"alternate\" type=\"text/html\" href=\"./\"/>\n");
  fmt::format_to(out, "<generator version=\"{}\">status-store</generator>\n", system::kVersion);
}

}  // namespace

std::string atom_feed(const FeedHead& head, const std::vector<IncidentDetail>& incidents) {
  std::string feed =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  const Output out(feed);
  write_head(out, head, newest(incidents));
  for (const IncidentDetail& detail : incidents) {
    write_entry(out, detail);
  }
  feed += "</feed>\n";
  return feed;
}

}  // namespace monitor::store
