#include "lib/json/writer.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "lib/json/utf8.h"

namespace monitor::json {

struct Writer::State {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

namespace {
rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}
}  // namespace

Writer::Writer() : state_(std::make_unique<State>()) {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
  state_->writer.StartObject();
  return *this;
}
Writer& Writer::end_object() {
  state_->writer.EndObject();
  return *this;
}
Writer& Writer::begin_array() {
  state_->writer.StartArray();
  return *this;
}
Writer& Writer::end_array() {
  state_->writer.EndArray();
  return *this;
}
Writer& Writer::key(std::string_view name) {
  state_->writer.Key(name.data(), size_of(name));
  return *this;
}
Writer& Writer::value(std::string_view text) {
  if (is_utf8(text)) {
    state_->writer.String(text.data(), size_of(text));
  } else {
    const std::string mended = mend_utf8(text);
    state_->writer.String(mended.data(), size_of(mended));
  }
  return *this;
}
Writer& Writer::value(double number) {
  state_->writer.Double(number);
  return *this;
}
Writer& Writer::null() {
  state_->writer.Null();
  return *this;
}
Writer& Writer::raw(std::string_view json) {
  state_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}
Writer& Writer::boolean(bool v) {
  state_->writer.Bool(v);
  return *this;
}
Writer& Writer::integer(std::int64_t v) {
  state_->writer.Int64(v);
  return *this;
}
Writer& Writer::natural(std::uint64_t v) {
  state_->writer.Uint64(v);
  return *this;
}

std::string Writer::take() {
  std::string text(state_->buffer.GetString(), state_->buffer.GetSize());
  state_->buffer.Clear();
  state_->writer.Reset(state_->buffer);
  return text;
}

}  // namespace monitor::json
