// JSON that a program under test wrote: parsed, or the test fails with the text that is none.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lib/json/document.h"

namespace monitor::tests {

class Json {
 public:
  explicit Json(const std::string& text) : document_(json::Document::parse(text)) {
    if (!document_) {
      throw std::runtime_error("this is not JSON: " + text);
    }
  }
  json::View root() const { return document_->root(); }
  json::View operator[](std::string_view key) const { return root()[key]; }

 private:
  std::optional<json::Document> document_;
};

}  // namespace monitor::tests
