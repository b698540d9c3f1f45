#include "store/api/render.h"

#include <algorithm>
#include <span>

#include "lib/json/writer.h"
#include "lib/status/update.h"
#include "lib/system/version.h"
#include "store/reader/query.h"

namespace monitor::store {
namespace {

void write_time(json::Writer& out, std::string_view name, const std::optional<system::Time>& time) {
  out.member_or_null(name, time ? system::to_rfc3339_seconds(*time) : std::string());
}

void write_components(json::Writer& out, std::span<const ComponentRecord> components) {
  out.key("components").begin_array();
  for (const ComponentRecord& component : components) {
    out.begin_object().member("id", component.id).member("name", component.name);
    out.member_or_null("status", component.status).end_object();
  }
  out.end_array();
}

void write_incident_ids(json::Writer& out, const std::vector<std::string>& ids) {
  out.key("incident_ids").begin_array();
  for (const std::string& id : ids) {
    out.value(id);
  }
  out.end_array();
}

// The members of an incident, in an object that the caller opens and closes.
void write_incident(json::Writer& out, const IncidentRecord& incident) {
  out.member("provider", incident.provider).member("provider_name", incident.provider_name);
  out.member("id", incident.id).member("kind", incident.kind).member("name", incident.name);
  out.member("status", incident.status).member("impact", incident.impact);
  write_components(out, incident.components);
  if (incident.kind == word(status::Kind::component)) {
    write_incident_ids(out, incident.incident_ids);
  }
  out.member_or_null("url", incident.url).member("message", incident.message);
  write_time(out, "created_at", incident.created_at);
  write_time(out, "updated_at", incident.updated_at);
  write_time(out, "resolved_at", incident.resolved_at);
  write_time(out, "scheduled_for", incident.scheduled_for);
  write_time(out, "scheduled_until", incident.scheduled_until);
  out.member("test", incident.test);
}

void write_update(json::Writer& out, const UpdateRecord& update) {
  out.begin_object().member_or_null("id", update.id).member_or_null("status", update.status);
  out.member("message", update.message);
  write_time(out, "happened_at", update.happened_at);
  write_time(out, "received_at", update.received_at);
  out.member("seq", update.seq).end_object();
}

void write_place(json::Writer& out, std::string_view name, const Place& place) {
  out.key(name).begin_object().member("stream", place.stream).member("seq", place.seq);
  write_time(out, "received_at", place.received_at);
  out.end_object();
}

void write_unrecognised(json::Writer& out, const UnrecognisedRecord& shape) {
  out.begin_object().member("provider", shape.provider);
  out.member("provider_name", shape.provider_name);
  out.member("format", shape.format).member("shape", shape.shape).member("count", shape.count);
  write_place(out, "first", shape.first);
  write_place(out, "last", shape.last);
  out.key("sample");
  shape.sample.empty() ? out.null() : out.raw(shape.sample);
  out.end_object();
}

void write_open(json::Writer& out, const IncidentRecord& incident) {
  out.begin_object().member("id", incident.id).member("kind", incident.kind);
  out.member("name", incident.name).member("status", incident.status);
  out.member("impact", incident.impact);
  write_time(out, "created_at", incident.created_at);
  write_time(out, "updated_at", incident.updated_at);
  out.end_object();
}

void write_history(json::Writer& out, const std::vector<DayRecord>& history) {
  out.key("history").begin_array();
  for (const DayRecord& day : history) {
    out.begin_object().member("date", day.date).member("status", day.status).end_object();
  }
  out.end_array();
}

std::string_view feed_word(Feed feed) {
  return feed == Feed::following ? "following" : feed == Feed::silent ? "silent" : "waiting";
}

void write_streams(json::Writer& out, const Figures& figures) {
  out.key("streams").begin_object();
  for (const auto& [stream, seq] : figures.streams) {
    out.member(stream, seq);
  }
  out.end_object();
}

void write_providers(json::Writer& out, const Figures& figures) {
  out.key("providers").begin_object();
  for (const auto& [slug, provider] : figures.providers) {
    out.key(slug).begin_object().member("name", provider.name);
    write_time(out, "last_heard_at", provider.last_heard_at);
    out.end_object();
  }
  out.end_object();
}

void write_count(json::Writer& out, std::string_view name,
                 const std::optional<std::int64_t>& count) {
  count ? out.member(name, *count) : out.key(name).null();
}

}  // namespace

std::string to_json(const IncidentPage& page, std::string_view name) {
  json::Writer out;
  out.begin_object().key(name).begin_array();
  for (const IncidentRecord& incident : page.incidents) {
    out.begin_object();
    write_incident(out, incident);
    out.end_object();
  }
  out.end_array().member_or_null("next", page.next ? to_cursor(*page.next) : std::string());
  return out.end_object().take();
}

std::string to_json(const IncidentDetail& detail) {
  json::Writer out;
  out.begin_object();
  write_incident(out, detail.incident);
  out.key("updates").begin_array();
  for (const UpdateRecord& update : detail.updates) {
    write_update(out, update);
  }
  return out.end_array().end_object().take();
}

std::string to_json(const ProviderView& view, std::size_t most_components) {
  json::Writer out;
  out.begin_object().member("slug", view.slug).member("name", view.name);
  out.member("status", view.status).key("open_incidents").begin_array();
  for (const IncidentRecord& incident : view.open) {
    write_open(out, incident);
  }
  out.end_array();
  const std::span<const ComponentRecord> components(view.components);
  write_components(out, components.first(std::min(most_components, components.size())));
  out.member("components_total", view.components_total);
  write_time(out, "first_heard_at", view.first_heard_at);
  write_time(out, "last_heard_at", view.last_heard_at);
  write_history(out, view.history);
  return out.end_object().take();
}

std::string to_json(const UnrecognisedPage& page) {
  json::Writer out;
  out.begin_object().key("unrecognised").begin_array();
  for (const UnrecognisedRecord& shape : page.shapes) {
    write_unrecognised(out, shape);
  }
  out.end_array().member_or_null("next", page.next ? to_cursor(*page.next) : std::string());
  return out.end_object().take();
}

std::string health_json(const std::optional<Figures>& figures, const Condition& condition,
                        system::Time now) {
  const bool well = figures && condition.trouble.empty();
  const auto count = [&](auto total) {
    return figures ? std::optional(total(*figures)) : std::nullopt;
  };
  json::Writer out;
  out.begin_object().member("status", well ? "running" : "failing");
  out.member("mode", "event-based (webhooks)");
  write_count(out, "incidents_tracked", count([](const Figures& f) { return f.incidents(); }));
  write_count(out, "total_updates", count([](const Figures& f) { return f.updates(); }));
  write_time(out, "timestamp", now);
  write_count(out, "components_tracked", count([](const Figures& f) { return f.components(); }));
  condition.lag ? out.member("lag", *condition.lag) : out.key("lag").null();
  out.member("feed", feed_word(condition.feed));
  write_streams(out, figures.value_or(Figures{}));
  write_providers(out, figures.value_or(Figures{}));
  write_count(out, "unrecognised", count([](const Figures& f) { return f.unrecognised(); }));
  write_count(out, "lost", count([](const Figures& f) { return f.lost; }));
  write_count(out, "search_lag", count([](const Figures& f) { return f.unsearched; }));
  write_count(out, "database_bytes",
              count([](const Figures& f) { return static_cast<std::int64_t>(f.database_bytes); }));
  out.member("version", system::kVersion);
  if (!well) {
    out.member("error", condition.trouble);
  }
  return out.end_object().take();
}

}  // namespace monitor::store
