#include "lib/metrics/exposition.h"

#include <fmt/format.h>

#include <cmath>

namespace monitor::metrics {
namespace {

// Line ends and backslashes are escaped everywhere, quotes in labels only.
void append_escaped(std::string& text, std::string_view value, bool in_label) {
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || (in_label && c == '"')) {
      text += '\\';
    }
    text += c;
  }
}

void append_label(std::string& text, std::string_view name, std::string_view value) {
  text += text.back() == '{' ? "" : ",";
  text.append(name).append("=\"");
  append_escaped(text, value, true);
  text += '"';
}

std::string number(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  return std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf") : fmt::format("{}", value);
}

}  // namespace

Exposition& Exposition::counter(std::string_view name, std::string_view help) {
  return begin("counter", name, help);
}

Exposition& Exposition::gauge(std::string_view name, std::string_view help) {
  return begin("gauge", name, help);
}

Exposition& Exposition::histogram(std::string_view name, std::string_view help) {
  return begin("histogram", name, help);
}

Exposition& Exposition::begin(std::string_view type, std::string_view name, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} ", name);
  append_escaped(text_, help, false);
  text_ += fmt::format("\n# TYPE {} {}\n", name, type);
  return *this;
}

Exposition& Exposition::sample(double value, Labels labels) {
  return write_sample("", labels, {}, number(value));
}

Exposition& Exposition::distribution(const Histogram::Reading& reading, Labels labels) {
  for (std::size_t bucket = 0; bucket < reading.at_most.size(); ++bucket) {
    const bool last = bucket == reading.bounds.size();
    write_sample("_bucket", labels, last ? "+Inf" : number(reading.bounds[bucket]),
                 std::to_string(reading.at_most[bucket]));
  }
  write_sample("_sum", labels, {}, number(reading.sum));
  return write_sample("_count", labels, {}, std::to_string(reading.at_most.back()));
}

Exposition& Exposition::write_sample(std::string_view suffix, Labels labels, std::string_view bound,
                                     std::string_view value) {
  text_.append(name_).append(suffix);
  if (labels.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const Label& label : labels) {
      append_label(text_, label.name, label.value);
    }
    if (!bound.empty()) {
      append_label(text_, "le", bound);
    }
    text_ += '}';
  }
  text_.append(" ").append(value).append("\n");
  return *this;
}

}  // namespace monitor::metrics
