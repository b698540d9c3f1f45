#include "lib/json/document.h"

#include <algorithm>
#include <cstring>

#include "lib/json/rapidjson.h"
#include "lib/json/utf8.h"

namespace monitor::json {
namespace {

// The default parser is recursive: 200,000 '[' would end the process. Not
// kParseValidateEncodingFlag: checking the whole text beforehand takes a quarter of the time.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseInsituFlag;

// Paths are only told this deep: who sent a body stands near its top.
constexpr std::size_t kToldDepth = 5;

// RapidJSON reads blocks of 16 bytes, over the end if need be.
constexpr std::size_t kPadding = 16;

// A copy that the reader may unescape strings in: much faster than building each string anew.
std::string scratch_of(std::string_view body) {
  std::string scratch;
  scratch.reserve(body.size() + kPadding);
  scratch.append(body).append(kPadding, '\0');
  return scratch;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

// Passes the reader's events on and stops it when they nest too deep.
template <typename Target>
class Bounded {
 public:
  explicit Bounded(Target& target) : target_(target) {}

  bool too_deep() const { return too_deep_; }

  bool Null() { return target_.Null(); }
  bool Bool(bool v) { return target_.Bool(v); }
  bool Int(int v) { return target_.Int(v); }
  bool Uint(unsigned v) { return target_.Uint(v); }
  bool Int64(std::int64_t v) { return target_.Int64(v); }
  bool Uint64(std::uint64_t v) { return target_.Uint64(v); }
  bool Double(double v) { return target_.Double(v); }
  bool RawNumber(const char* s, rapidjson::SizeType n, bool copy) {
    return target_.RawNumber(s, n, copy);
  }
  bool String(const char* s, rapidjson::SizeType n, bool copy) {
    return target_.String(s, n, copy);
  }
  bool Key(const char* s, rapidjson::SizeType n, bool copy) { return target_.Key(s, n, copy); }
  bool StartObject() { return enter() && target_.StartObject(); }
  bool EndObject(rapidjson::SizeType n) { return leave() && target_.EndObject(n); }
  bool StartArray() { return enter() && target_.StartArray(); }
  bool EndArray(rapidjson::SizeType n) { return leave() && target_.EndArray(n); }

 private:
  bool enter() {
    too_deep_ = ++depth_ > kMaxDepth;
    return !too_deep_;
  }
  bool leave() {
    --depth_;
    return true;
  }

  Target& target_;
  unsigned depth_ = 0;
  bool too_deep_ = false;
};

// Keeps the path of the value that comes next, as long as it is near the top and inside objects
// only.
class PathTeller : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PathTeller> {
 public:
  explicit PathTeller(StringVisitor* visitor) : visitor_(visitor) {}

  bool Default() { return true; }
  bool String(const char* s, rapidjson::SizeType n, bool) {
    if (visitor_ != nullptr && told()) {
      visitor_->on_string(path_, {s, n});
    }
    return true;
  }
  bool Key(const char* s, rapidjson::SizeType n, bool) {
    if (told()) {
      path_.resize(starts_[depth_ - 1]);
      path_ += '/';
      path_.append(s, n);
    }
    return true;
  }
  bool StartObject() {
    if (++depth_ <= kToldDepth) {
      starts_[depth_ - 1] = path_.size();
    }
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    if (depth_ <= kToldDepth) {
      path_.resize(starts_[depth_ - 1]);
    }
    --depth_;
    return true;
  }
  bool StartArray() {
    ++arrays_;
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    --arrays_;
    return true;
  }

 private:
  bool told() const { return arrays_ == 0 && depth_ > 0 && depth_ <= kToldDepth; }

  StringVisitor* visitor_;
  std::string path_;
  std::size_t starts_[kToldDepth] = {};  // where the path of each open object ends
  std::size_t depth_ = 0;
  std::size_t arrays_ = 0;
};

// RapidJSON takes a NUL byte for the end of the text, whatever comes after it.
void check_end(rapidjson::InsituStringStream& stream, std::string_view body,
               rapidjson::ParseResult& result) {
  if (result && stream.Tell() != body.size()) {
    result.Set(rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell());
  }
}

// The bytes 0x18 to 0x1F stand nowhere in JSON, but with vector instructions RapidJSON 1.1 takes
// those from 0x1A for text. Eight at a time: (byte ^ 0x18) & 0xF8 is 0 for these only.
std::optional<std::size_t> control_character_at(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t word = 0;
  std::size_t at = 0;
  for (; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    word = (word ^ (0x18 * kOnes)) & (0xF8 * kOnes);
    if (((word - kOnes) & ~word & (0x80 * kOnes)) != 0) {
      break;
    }
  }
  const auto rest = text.begin() + static_cast<std::ptrdiff_t>(at);
  const auto found = std::find_if(rest, text.end(), [](char c) { return (c & 0xF8) == 0x18; });
  return found == text.end() ? std::nullopt
                             : std::optional(static_cast<std::size_t>(found - text.begin()));
}

// An error already, before the text is parsed.
std::optional<Error> check_encoding(std::string_view text) {
  if (const auto offset = invalid_utf8_at(text)) {
    return Error{*offset, "a byte that is not UTF-8"};
  }
  if (const auto offset = control_character_at(text)) {
    return Error{*offset, "a control character"};
  }
  return std::nullopt;
}

Error describe(const rapidjson::ParseResult& result, bool too_deep, std::size_t skipped) {
  const std::size_t offset = result.Offset() + skipped;
  if (too_deep) {
    return {offset, "nested deeper than " + std::to_string(kMaxDepth) + " levels"};
  }
  return {offset, rapidjson::GetParseError_En(result.Code())};
}

}  // namespace

std::optional<Error> scan(std::string_view text, StringVisitor* visitor) {
  if (auto error = check_encoding(text)) {
    return error;
  }
  const std::string_view body = without_byte_order_mark(text);
  std::string scratch = scratch_of(body);
  rapidjson::InsituStringStream stream(scratch.data());
  PathTeller teller(visitor);
  Bounded bounded(teller);
  rapidjson::Reader reader;
  rapidjson::ParseResult result = reader.Parse<kFlags>(stream, bounded);
  check_end(stream, body, result);
  if (!result) {
    return describe(result, bounded.too_deep(), text.size() - body.size());
  }
  return std::nullopt;
}

// The strings of `root` stand in `text`.
struct Document::Parsed {
  std::string text;
  rapidjson::Document root;
};

std::optional<Document> Document::parse(std::string_view text, Error* error) {
  if (const auto wrong = check_encoding(text)) {
    if (error != nullptr) {
      *error = *wrong;
    }
    return std::nullopt;
  }
  const std::string_view body = without_byte_order_mark(text);
  auto document = std::make_unique<Parsed>();
  document->text = scratch_of(body);
  rapidjson::ParseResult result;
  bool too_deep = false;
  const auto generate = [&](rapidjson::Document& target) {
    rapidjson::InsituStringStream stream(document->text.data());
    Bounded bounded(target);
    rapidjson::Reader reader;
    result = reader.Parse<kFlags>(stream, bounded);
    check_end(stream, body, result);
    too_deep = bounded.too_deep();
    return static_cast<bool>(result);
  };
  document->root.Populate(generate);
  if (!result) {
    if (error != nullptr) {
      *error = describe(result, too_deep, text.size() - body.size());
    }
    return std::nullopt;
  }
  return Document(std::move(document));
}

Document::Document(std::unique_ptr<Parsed> document) : document_(std::move(document)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

View Document::root() const { return View(&document_->root); }

bool View::is_null() const { return present() && value_->IsNull(); }
bool View::is_object() const { return present() && value_->IsObject(); }
bool View::is_array() const { return present() && value_->IsArray(); }
bool View::is_string() const { return present() && value_->IsString(); }
bool View::is_number() const { return present() && value_->IsNumber(); }

View View::operator[](std::string_view key) const {
  if (!is_object()) {
    return {};
  }
  const auto begin = value_->MemberBegin();
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(size(), kMaxSearched));
  const auto found = std::find_if(
      begin, end, [&](const auto& member) { return View(&member.name).text() == key; });
  return found == end ? View() : View(&found->value);
}

View View::at(std::size_t index) const {
  return is_array() && index < size() ? View(&(*value_)[static_cast<rapidjson::SizeType>(index)])
                                      : View();
}

std::size_t View::size() const {
  const std::size_t all = is_array() ? value_->Size() : is_object() ? value_->MemberCount() : 0;
  return std::min(all, kMaxSeen);
}

std::string_view View::text() const {
  return is_string() ? std::string_view(value_->GetString(), value_->GetStringLength())
                     : std::string_view();
}

std::string View::scalar() const {
  if (is_string()) {
    return std::string(text());
  }
  if (!is_number() && !boolean()) {
    return "";
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value_->Accept(writer);
  return std::string(buffer.GetString(), buffer.GetSize());
}

std::optional<std::int64_t> View::integer() const {
  return present() && value_->IsInt64() ? std::optional(value_->GetInt64()) : std::nullopt;
}

std::optional<double> View::number() const {
  return is_number() ? std::optional(value_->GetDouble()) : std::nullopt;
}

std::optional<bool> View::boolean() const {
  return present() && value_->IsBool() ? std::optional(value_->GetBool()) : std::nullopt;
}

std::string_view View::key_at(std::size_t index) const {
  return is_object() && index < size()
             ? View(&(value_->MemberBegin() + static_cast<std::ptrdiff_t>(index))->name).text()
             : std::string_view();
}

View View::member_at(std::size_t index) const {
  return is_object() && index < size()
             ? View(&(value_->MemberBegin() + static_cast<std::ptrdiff_t>(index))->value)
             : View();
}

}  // namespace monitor::json
