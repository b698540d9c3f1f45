// JSON that others wrote, read without trusting it: bounded depth, iterative parsing, and a view
// that answers "missing" instead of crashing for whatever is absent, null or of another type.
// RapidJSON lives behind this folder's .cpp files.
#pragma once

#include <rapidjson/fwd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace monitor::json {

// Senders nest less than 10 deep; 64 leaves room and keeps every recursive walk harmless.
inline constexpr unsigned kMaxDepth = 64;
// Of an array or object so many are seen, as if it had no more: senders' lists have less than
// 1,000, 1 MiB has room for 500,000 empty ones, and readers spend up to 300 ns on each.
inline constexpr std::size_t kMaxSeen = 10'000;
// A member is looked for among so many: senders' objects have less than 100, 1 MiB has room for
// 200,000, and all formats together look for some hundred.
inline constexpr std::size_t kMaxSearched = 1000;

// Why a text is not JSON for us. `offset` is the byte at which the reader gave up.
struct Error {
  std::size_t offset = 0;
  std::string reason;
};

// One value inside a Document, or none ("missing"). Cheap to copy; must not outlive the Document.
class View {
 public:
  View() = default;
  explicit View(const rapidjson::Value* value) : value_(value) {}

  bool present() const { return value_ != nullptr; }  // null counts as present
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  bool is_number() const;

  // A member (among the first kMaxSearched), an element; missing when this is no object or array,
  // or has none such.
  View operator[](std::string_view key) const;
  View at(std::size_t index) const;
  std::size_t size() const;  // of an array or object, at most kMaxSeen; else 0

  std::string_view text() const;  // "" unless a string
  // A string as it is, a number or boolean as JSON writes it, else "". For ids, which some senders
  // send as numbers.
  std::string scalar() const;
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  // The member's key and value at `index` of an object.
  std::string_view key_at(std::size_t index) const;
  View member_at(std::size_t index) const;

 private:
  const rapidjson::Value* value_ = nullptr;
};

class Document {
 public:
  // Nothing and `error` filled in when `text` is not JSON (RFC 8259, UTF-8, a leading byte order
  // mark forgiven) or nests deeper than kMaxDepth.
  static std::optional<Document> parse(std::string_view text, Error* error = nullptr);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  View root() const;

 private:
  struct Parsed;
  explicit Document(std::unique_ptr<Parsed> document);
  std::unique_ptr<Parsed> document_;
};

// Told of every string value near the top of a document while it is scanned: `path` is "/page/id"
// as in RFC 6901, without escapes; elements of arrays are not told.
class StringVisitor {
 public:
  virtual ~StringVisitor() = default;
  virtual void on_string(std::string_view path, std::string_view value) = 0;
};

// Checks that `text` is JSON within kMaxDepth without building a document. Nothing when it is.
std::optional<Error> scan(std::string_view text, StringVisitor* visitor = nullptr);

}  // namespace monitor::json
