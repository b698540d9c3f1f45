#include "tests/support/json_values.h"

#include <algorithm>

namespace monitor::tests {
namespace {

class Walk {
 public:
  explicit Walk(std::string_view json) : json_(json) {}

  std::vector<JsonValue> values() {
    value();
    return std::move(values_);
  }

 private:
  void value() {
    skip(" \t\r\n");
    const std::size_t begin = at_;
    const std::size_t place = values_.size();
    values_.push_back({begin, begin});
    if (json_[at_] == '{' || json_[at_] == '[') {
      container();
    } else if (json_[at_] == '"') {
      string();
    } else {
      at_ = std::min(json_.find_first_of(",]} \t\r\n", at_), json_.size());
    }
    values_[place].end = at_;
  }

  void container() {
    const bool object = json_[at_++] == '{';
    for (skip(" \t\r\n,"); json_[at_] != '}' && json_[at_] != ']'; skip(" \t\r\n,")) {
      if (object) {
        string();
        skip(" \t\r\n:");
      }
      value();
    }
    ++at_;
  }

  void string() {
    for (++at_; json_[at_] != '"'; ++at_) {
      at_ += json_[at_] == '\\' ? 1 : 0;
    }
    ++at_;
  }

  void skip(std::string_view characters) {
    at_ = std::min(json_.find_first_not_of(characters, at_), json_.size());
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<JsonValue> values_;
};

}  // namespace

std::vector<JsonValue> json_values(std::string_view json) { return Walk(json).values(); }

}  // namespace monitor::tests
