#include "lib/feed/message.h"

#include "lib/json/document.h"
#include "lib/json/writer.h"
#include "lib/status/mapping.h"
#include "lib/status/time.h"

namespace monitor::feed {
namespace {

constexpr std::int64_t kVersion = 1;

// Counts are never negative, and JSON's integers go to 2^63 - 1 here: a stream would need millions
// of years for more.
std::optional<std::uint64_t> natural(json::View value) {
  const auto number = value.integer();
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

// The object of a frame of our version; a missing root when it is none.
class Frame {
 public:
  explicit Frame(std::string_view text) : document_(json::Document::parse(text)) {}
  bool ours() const { return document_ && (*this)["v"].integer() == kVersion; }
  json::View operator[](std::string_view key) const { return document_->root()[key]; }

 private:
  std::optional<json::Document> document_;
};

json::Writer& begin(json::Writer& out) { return out.begin_object().member("v", kVersion); }

}  // namespace

std::string topic_of(const Event& event) { return std::string(kEventTopic) + event.provider + '/'; }

std::string encode_header(const Event& event) {
  json::Writer out;
  begin(out)
      .member("stream", event.stream)
      .member("seq", event.seq)
      .member("received_at", system::to_rfc3339(event.received_at))
      .member("format", event.format)
      .member("provider", event.provider)
      .member("provider_name", event.provider_name)
      .member("test", event.test);
  if (!event.mapping.empty()) {
    out.key("mapping").raw(event.mapping);
  }
  return out.end_object().take();
}

std::optional<Event> decode_header(std::string_view text) {
  const Frame frame(text);
  if (!frame.ours()) {
    return std::nullopt;
  }
  const auto seq = natural(frame["seq"]);
  const auto received_at = status::parse_time(frame["received_at"]);
  Event event{.stream = std::string(frame["stream"].text()),
              .seq = seq.value_or(0),
              .received_at = received_at.value_or(system::Time{}),
              .format = std::string(frame["format"].text()),
              .provider = std::string(frame["provider"].text()),
              .provider_name = std::string(frame["provider_name"].text()),
              .test = frame["test"].boolean().value_or(false),
              .mapping = frame["mapping"].is_object()
                             ? status::to_json(status::mapping_from_json(frame["mapping"]))
                             : std::string(),
              .body = {}};
  if (event.seq == 0 || event.stream.empty() || !received_at) {
    return std::nullopt;
  }
  return event;
}

std::string encode(const Heartbeat& heartbeat) {
  json::Writer out;
  begin(out).member("stream", heartbeat.stream).member("seq", heartbeat.seq).end_object();
  return out.take();
}

std::optional<Heartbeat> decode_heartbeat(std::string_view text) {
  const Frame frame(text);
  const auto seq = frame.ours() ? natural(frame["seq"]) : std::nullopt;
  if (!seq || frame["stream"].text().empty()) {
    return std::nullopt;
  }
  return Heartbeat{.stream = std::string(frame["stream"].text()), .seq = *seq};
}

std::string encode(const ReplayRequest& request) {
  json::Writer out;
  begin(out)
      .member("id", request.id)
      .member("stream", request.stream)
      .member("from", request.from)
      .member("limit", request.limit)
      .end_object();
  return out.take();
}

std::optional<ReplayRequest> decode_request(std::string_view text) {
  const Frame frame(text);
  if (!frame.ours()) {
    return std::nullopt;
  }
  const auto id = natural(frame["id"]);
  const auto from = natural(frame["from"]);
  const auto limit = natural(frame["limit"]);
  if (!from || !limit || (frame["id"].present() && !id)) {
    return std::nullopt;
  }
  return ReplayRequest{.id = id.value_or(0),
                       .stream = std::string(frame["stream"].text()),
                       .from = *from,
                       .limit = *limit};
}

std::string encode(const ReplayAnswer& answer) {
  json::Writer out;
  begin(out)
      .member("id", answer.id)
      .member("stream", answer.stream)
      .member("first", answer.first)
      .member("last", answer.last)
      .member("count", answer.count)
      .end_object();
  return out.take();
}

std::optional<ReplayAnswer> decode_answer(std::string_view text) {
  const Frame frame(text);
  if (!frame.ours()) {
    return std::nullopt;
  }
  const auto id = natural(frame["id"]);
  const auto first = natural(frame["first"]);
  const auto last = natural(frame["last"]);
  const auto count = natural(frame["count"]);
  const std::string_view stream = frame["stream"].text();
  if (!id || !first || !last || !count || stream.empty() || *first > *last + 1) {
    return std::nullopt;
  }
  return ReplayAnswer{
      .id = *id, .stream = std::string(stream), .first = *first, .last = *last, .count = *count};
}

}  // namespace monitor::feed
