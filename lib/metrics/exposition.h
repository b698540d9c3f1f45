// Figures as Prometheus reads them: its text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/). A family begins with its name and
// what it means, its samples follow. Trusts its caller with names and with telling each set of
// labels once; what stands in a label may be any UTF-8.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "lib/metrics/histogram.h"

namespace monitor::metrics {

inline constexpr const char kExpositionType[] = "text/plain; version=0.0.4; charset=utf-8";

class Exposition {
 public:
  struct Label {
    std::string_view name;
    std::string_view value;
  };
  using Labels = std::initializer_list<Label>;

  Exposition& counter(std::string_view name, std::string_view help);
  Exposition& gauge(std::string_view name, std::string_view help);
  Exposition& histogram(std::string_view name, std::string_view help);

  // Of the family begun last.
  Exposition& sample(std::integral auto value, Labels labels = {}) {
    return write_sample("", labels, {}, std::to_string(value));
  }
  Exposition& sample(double value, Labels labels = {});
  Exposition& distribution(const Histogram::Reading& reading, Labels labels = {});

  std::string take() { return std::move(text_); }

 private:
  Exposition& begin(std::string_view type, std::string_view name, std::string_view help);
  Exposition& write_sample(std::string_view suffix, Labels labels, std::string_view bound,
                           std::string_view value);

  std::string name_;
  std::string text_;
};

}  // namespace monitor::metrics
