#include "lib/json/writer.h"

#include <algorithm>
#include <cmath>

#include "lib/json/rapidjson.h"
#include "lib/json/utf8.h"

namespace monitor::json {

// With vector instructions, which RapidJSON 1.1 only uses for the default flags, 0x1A to 0x1F are
// not escaped. The flag itself changes nothing: value(double) lets no NaN through.
using EscapingWriter =
    rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                      rapidjson::CrtAllocator, rapidjson::kWriteNanAndInfFlag>;

class PlainWriter : public EscapingWriter {
 public:
  using EscapingWriter::EscapingWriter;
  // A text that stands in JSON as it is; RapidJSON looks at each character again.
  void put_plain(std::string_view text) {
    Prefix(rapidjson::kStringType);
    char* const room = os_->Push(text.size() + 2);
    room[0] = '"';
    std::copy(text.begin(), text.end(), room + 1);
    room[text.size() + 1] = '"';
  }
};

struct Writer::State {
  rapidjson::StringBuffer buffer;
  PlainWriter writer{buffer};
};

namespace {
rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

// A key or a value, mended where it is no UTF-8.
void put_text(PlainWriter& writer, std::string_view text) {
  if (is_plain(text)) {
    writer.put_plain(text);
  } else if (is_utf8(text)) {
    writer.String(text.data(), size_of(text));
  } else {
    const std::string mended = mend_utf8(text);
    writer.String(mended.data(), size_of(mended));
  }
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
  put_text(state_->writer, name);
  return *this;
}
Writer& Writer::value(std::string_view text) {
  put_text(state_->writer, text);
  return *this;
}
Writer& Writer::value(double number) {
  if (!std::isfinite(number)) {
    return null();  // JSON has no NaN and no infinity
  }
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
