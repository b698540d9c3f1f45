#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/status/time.h"
#include "lib/status/update.h"

namespace monitor::status {
namespace {

void write_time(json::Writer& out, std::string_view name, std::optional<system::Time> time) {
  out.member_or_null(name, time ? system::to_rfc3339(*time) : std::string());
}

void write_components(json::Writer& out, const std::vector<Component>& components) {
  out.key("components").begin_array();
  for (const Component& component : components) {
    out.begin_object().member("id", component.id).member("name", component.name);
    out.member_or_null("status", component.state ? word(*component.state) : std::string_view());
    out.end_object();
  }
  out.end_array();
}

std::string text_in(json::View object, std::string_view key) {
  return std::string(object[key].text());
}

std::vector<Component> components_in(json::View list) {
  std::vector<Component> components;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::View one = list.at(i);
    components.push_back(
        {text_in(one, "id"), text_in(one, "name"), state_from_word(one["status"].text())});
  }
  return components;
}

}  // namespace

std::string to_json(const StatusUpdate& update) {
  json::Writer out;
  out.begin_object().member("v", 1);
  out.member("provider", update.provider).member("provider_name", update.provider_name);
  out.member("kind", word(update.kind)).member("incident_id", update.incident_id);
  out.member("name", update.name).member_or_null("url", update.url);
  out.member("impact", word(update.impact)).member("status", word(update.state));
  write_components(out, update.components);
  out.member("message", update.message).member_or_null("update_id", update.update_id);
  write_time(out, "happened_at", update.happened_at);
  out.member("happened_at_known", update.happened_at_known);
  write_time(out, "created_at", update.created_at);
  write_time(out, "resolved_at", update.resolved_at);
  write_time(out, "scheduled_for", update.scheduled_for);
  write_time(out, "scheduled_until", update.scheduled_until);
  write_time(out, "received_at", update.received_at);
  out.member("stream", update.stream).member("seq", update.seq);
  out.member("key", update.key()).member("test", update.test);
  return out.end_object().take();
}

std::optional<StatusUpdate> from_json(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document) {
    return std::nullopt;
  }
  const json::View from = document->root();
  const auto kind = kind_from_word(from["kind"].text());
  const auto impact = impact_from_word(from["impact"].text());
  const auto state = state_from_word(from["status"].text());
  const auto happened_at = parse_time(from["happened_at"]);
  const auto received_at = parse_time(from["received_at"]);
  const bool whole = kind && impact && state && happened_at && received_at;
  if (from["v"].integer() != 1 || !whole || from["incident_id"].text().empty()) {
    return std::nullopt;
  }
  return StatusUpdate{
      .provider = text_in(from, "provider"),
      .provider_name = text_in(from, "provider_name"),
      .kind = *kind,
      .incident_id = text_in(from, "incident_id"),
      .name = text_in(from, "name"),
      .url = text_in(from, "url"),
      .impact = *impact,
      .state = *state,
      .components = components_in(from["components"]),
      .message = text_in(from, "message"),
      .update_id = text_in(from, "update_id"),
      .happened_at = *happened_at,
      .happened_at_known = from["happened_at_known"].boolean().value_or(true),
      .created_at = parse_time(from["created_at"]),
      .resolved_at = parse_time(from["resolved_at"]),
      .scheduled_for = parse_time(from["scheduled_for"]),
      .scheduled_until = parse_time(from["scheduled_until"]),
      .received_at = *received_at,
      .stream = text_in(from, "stream"),
      .seq = static_cast<std::uint64_t>(from["seq"].integer().value_or(0)),
      .test = from["test"].boolean().value_or(false),
      .history = {},
  };
}

}  // namespace monitor::status
