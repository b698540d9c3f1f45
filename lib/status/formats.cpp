#include <algorithm>
#include <array>

#include "lib/status/format.h"
#include "lib/status/formats/generic.h"
#include "lib/status/text.h"

namespace monitor::status {

extern const Format kStatuspage;
extern const Format kInstatus;
extern const Format kStatusIo;
extern const Format kBetterStack;
extern const Format kHund;
extern const Format kStatusCast;
extern const Format kStatusPal;
extern const Format kCachet;
extern const Format kAws;
extern const Format kAzure;
extern const Format kGcp;
extern const Format kStatusGator;
extern const Format kIncidentHub;
extern const Format kStatusfield;
extern const Format kOpenStatus;
extern const Format kFreshstatus;
extern const Format kIncidentIo;
extern const Format kAlertmanager;
extern const Format kUptimeKuma;
extern const Format kGeneric;

namespace {

constexpr std::array kFormats{&kStatuspage,  &kInstatus,     &kStatusIo,   &kBetterStack,
                              &kHund,        &kStatusCast,   &kStatusPal,  &kCachet,
                              &kAws,         &kAzure,        &kGcp,        &kStatusGator,
                              &kIncidentHub, &kStatusfield,  &kOpenStatus, &kFreshstatus,
                              &kIncidentIo,  &kAlertmanager, &kUptimeKuma, &kGeneric};

// A shape is for telling one unknown sender from another in a log line: this much of it does.
constexpr std::size_t kMaxShapeKeys = 20;
constexpr std::size_t kMaxShapeKey = 40;

std::string shape_of(json::View body) {
  if (!body.is_object()) {
    return body.is_array() ? "(array)" : body.present() ? "(no object)" : "(not JSON)";
  }
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < body.size(); ++i) {
    keys.push_back(cut(to_line(body.key_at(i)), kMaxShapeKey));
  }
  const std::size_t kept = std::min(keys.size(), kMaxShapeKeys);
  std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(kept), keys.end());
  keys.resize(kept);
  std::string shape;
  for (const std::string& key : keys) {
    shape += shape.empty() ? "" : ",";
    shape += key;
  }
  return shape;
}

const Format* format_of(std::string_view name, json::View body) {
  if (const Format* named = find_format(name)) {
    return named->recognises(body) ? named : nullptr;
  }
  return detect(body);
}

void fill_in(StatusUpdate& update, const Origin& origin) {
  if (update.provider.empty()) {
    update.provider = origin.provider;
    update.provider_name = to_line(origin.provider_name);
  }
  update.received_at = origin.received_at;
  update.stream = origin.stream;
  update.seq = origin.seq;
  update.test = origin.test;
}

}  // namespace

std::span<const Format* const> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const Format* format) { return format->name == name; });
  return found == kFormats.end() ? nullptr : *found;
}

const Format* detect(json::View body) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format* format) {
    return format->recognises(body) &&
           (format->shows_itself == nullptr || format->shows_itself(body));
  });
  return found == kFormats.end() ? nullptr : *found;
}

const Format* detect(std::string_view body) {
  const auto document = json::Document::parse(body);
  return document ? detect(document->root()) : nullptr;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format* format : kFormats) {
    names.emplace_back(format->name);
  }
  names.emplace_back(kAutoFormat);
  return names;
}

Reading read_updates(std::string_view format, std::string_view body, const Origin& origin) {
  Reading reading;
  const auto document = json::Document::parse(body);
  const json::View root = document ? document->root() : json::View();
  if (format == kGenericFormat) {
    reading.updates = read_generic(root, mapping_from_json(origin.mapping), origin);
    reading.recognised = !reading.updates.empty();
  } else if (const Format* sender = format_of(format, root)) {
    reading.updates = sender->read(root, origin);
    reading.recognised = true;
  }
  if (!reading.recognised) {
    reading.shape = shape_of(root);
  }
  for (StatusUpdate& update : reading.updates) {
    fill_in(update, origin);
  }
  return reading;
}

}  // namespace monitor::status
