#include "sinks/delivery/mutes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/status/checked_toml.h"
#include "lib/system/config_file.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

constexpr std::array<std::string_view, 1> kTopKeys{"mute"};
constexpr std::array<std::string_view, 5> kKeys{"provider", "component", "incident", "until",
                                                "reason"};

system::Time until_of(const status::CheckedToml& toml, const toml::table& table) {
  const auto value = table["until"].value<toml::date_time>();
  if (!value || !value->offset) {
    toml.refuse(table["until"] ? *table["until"].node() : table,
                "a mute ends at some time, with its offset: until = 2026-03-01T08:00:00Z");
  }
  const auto day = std::chrono::year(value->date.year) / value->date.month / value->date.day;
  return std::chrono::sys_days(day) + std::chrono::hours(value->time.hour) +
         std::chrono::minutes(value->time.minute) + std::chrono::seconds(value->time.second) -
         std::chrono::minutes(value->offset->minutes);
}

std::vector<std::string> one_or_none(std::string text) {
  return text.empty() ? std::vector<std::string>() : std::vector<std::string>{std::move(text)};
}

}  // namespace

Mutes::Mutes(std::string path) : path_(std::move(path)) {
  if (!path_.empty()) {
    entries_ = read(path_);
  }
}

std::vector<Mutes::Entry> Mutes::read(const std::string& path) {
  const status::CheckedToml toml("mute file " + path, path);
  const toml::table file = toml.parse(system::read_config_file(path, "mute file"));
  toml.check_keys(file, kTopKeys);
  std::vector<Entry> entries;
  const toml::node* list = file.get("mute");
  if (list == nullptr) {
    return entries;
  }
  if (!list->is_array_of_tables()) {
    toml.refuse(*list, "mute must be an array of tables: write [[mute]]");
  }
  for (const toml::node& node : *list->as_array()) {
    const toml::table& table = *node.as_table();
    toml.check_keys(table, kKeys);
    const status::FilterWords words{.providers = one_or_none(toml.text(table, "provider")),
                                    .components = one_or_none(toml.text(table, "component"))};
    entries.push_back({.filter = status::Filter(words),
                       .incident = toml.text(table, "incident"),
                       .until = until_of(toml, table)});
  }
  return entries;
}

bool Mutes::silence(const status::StatusUpdate& update, system::Time now) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return now < entry.until && (entry.incident.empty() || entry.incident == update.incident_id) &&
           entry.filter.accepts(update);
  });
}

void Mutes::reload() {
  if (path_.empty()) {
    return;
  }
  try {
    entries_ = read(path_);
    system::log_info(fmt::format("{} mutes read from {}", entries_.size(), path_));
  } catch (const system::ConfigError& error) {
    system::log_error(fmt::format("{}; what was read before stays in force", error.what()));
  }
}

}  // namespace monitor::delivery
