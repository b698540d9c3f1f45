// Writes JSON into a string. Bytes that are not UTF-8 become U+FFFD, so that what comes out is JSON
// whatever went in.
//
//   Writer out;
//   out.begin_object().member("seq",
//   42).key("names").begin_array().value("a").end_array().end_object(); std::string text =
//   out.take();
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace monitor::json {

class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(double number);
  Writer& null();
  // JSON that is already text, put in as it is.
  Writer& raw(std::string_view json);

  template <std::integral T>
  Writer& value(T number) {
    if constexpr (std::same_as<T, bool>) {
      return boolean(number);
    } else if constexpr (std::unsigned_integral<T>) {
      return natural(number);
    } else {
      return integer(number);
    }
  }
  template <typename T>
  Writer& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  // null for an empty text.
  Writer& member_or_null(std::string_view name, std::string_view text) {
    return text.empty() ? key(name).null() : key(name).value(text);
  }

  std::string take();

 private:
  Writer& boolean(bool v);
  Writer& integer(std::int64_t v);
  Writer& natural(std::uint64_t v);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace monitor::json
