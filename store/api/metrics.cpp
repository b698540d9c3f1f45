#include <fmt/format.h>

#include <iterator>

#include "store/api/render.h"

namespace monitor::store {
namespace {

using Output = std::back_insert_iterator<std::string>;

std::string escaped(std::string_view label) {
  std::string text;
  for (const char c : label) {
    if (c == '\\' || c == '"') {
      text += '\\';
    }
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

void declare(Output out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(out, "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void write_single(Output out, std::string_view name, std::string_view type, std::string_view help,
                  std::uint64_t value) {
  declare(out, name, type, help);
  fmt::format_to(out, "{} {}\n", name, value);
}

void write_tallies(Output out, const Figures& figures, std::string_view name,
                   std::int64_t Tally::*value) {
  for (const Tally& tally : figures.tallies) {
    fmt::format_to(out, "{}{{provider=\"{}\",kind=\"{}\"}} {}\n", name, escaped(tally.provider),
                   escaped(tally.kind), tally.*value);
  }
}

}  // namespace

std::string metrics_text(const Figures& figures, const Condition& condition) {
  std::string text;
  const Output out(text);
  declare(out, "status_store_updates_total", "counter", "Status updates kept, each once.");
  write_tallies(out, figures, "status_store_updates_total", &Tally::updates);
  declare(out, "status_store_incidents", "gauge", "Incidents, maintenances and components known.");
  write_tallies(out, figures, "status_store_incidents", &Tally::incidents);
  declare(out, "status_store_incidents_open", "gauge", "Those of them that are not over.");
  write_tallies(out, figures, "status_store_incidents_open", &Tally::open);
  write_single(out, "status_store_unrecognised_total", "counter",
               "Webhook bodies of a shape that no format knows.",
               static_cast<std::uint64_t>(figures.unrecognised()));
  write_single(out, "status_store_lost_total", "counter",
               "Events that the receiver did not keep until they were applied.",
               static_cast<std::uint64_t>(figures.lost));
  declare(out, "status_store_last_seq", "gauge", "Last event of each stream that was applied.");
  for (const auto& [stream, seq] : figures.streams) {
    fmt::format_to(out, "status_store_last_seq{{stream=\"{}\"}} {}\n", escaped(stream), seq);
  }
  if (condition.lag) {
    write_single(out, "status_store_lag_events", "gauge", "Events published and not applied.",
                 *condition.lag);
  }
  write_single(out, "status_store_feed_up", "gauge", "1 while every receiver's feed is heard.",
               condition.feed == Feed::following ? 1 : 0);
  write_single(out, "status_store_failing", "gauge", "1 while updates can't be kept.",
               condition.trouble.empty() ? 0 : 1);
  return text;
}

}  // namespace monitor::store
