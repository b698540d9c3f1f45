#include "store/api/metrics.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "lib/http/traffic_metrics.h"
#include "lib/metrics/process.h"

namespace monitor::store {
namespace {

using metrics::Exposition;

double seconds_since_1970(system::Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

void write_tally(Exposition& out, const std::vector<Tally>& tallies, std::int64_t Tally::*value) {
  for (const Tally& tally : tallies) {
    out.sample(tally.*value, {{"provider", tally.provider}, {"kind", tally.kind}});
  }
}

void write_feed(Exposition& out, const Figures& figures, const Condition& condition,
                system::Time now) {
  out.counter("status_store_lost_total",
              "Events that the receiver did not keep until they were applied.")
      .sample(figures.lost);
  out.gauge("status_store_last_seq", "Last event of each stream that was applied.");
  for (const auto& [stream, seq] : figures.streams) {
    out.sample(seq, {{"stream", stream}});
  }
  if (condition.lag) {
    out.gauge("status_store_lag_events",
              "Events published and not applied; absent while that is unknown.")
        .sample(*condition.lag);
  }
  if (const auto lag = condition.lag_time(now)) {
    out.gauge("status_store_lag_seconds",
              "Time since the oldest event that is not applied arrived at the receiver, 0 when "
              "all are applied; absent while that is unknown.")
        .sample(std::chrono::duration<double>(*lag).count());
  }
  out.gauge("status_store_feed_up", "1 while every receiver's feed is heard.")
      .sample(condition.feed == Feed::following ? 1 : 0);
  out.gauge("status_store_failing", "1 while updates can't be kept.")
      .sample(condition.trouble.empty() ? 0 : 1);
}

void write_measures(Exposition& out, const Measures& measures) {
  out.histogram("status_store_sender_delay_seconds",
                "Time from the sender's own time of an update to its arrival at the receiver. Of "
                "events that arrived since the store's start; without updates that bear no time, "
                "tests, and what is older than a day when it arrives. A clock that is ahead "
                "counts as no delay.")
      .distribution(measures.sender_delay.read());
  out.histogram("status_store_apply_delay_seconds",
                "Time from an event's arrival at the receiver until it can be read here. Of "
                "events that arrived since the store's start: what it catches up on after a stop "
                "is not counted, what waits because it is slow or its disk full is.")
      .distribution(measures.apply_delay.read());
  out.histogram("status_store_commit_seconds", "Time of each transaction that applies events.")
      .distribution(measures.commit_time.read());
  out.histogram("status_store_commit_events", "Events in such a transaction.")
      .distribution(measures.commit_events.read());
}

}  // namespace

std::string Metrics::text(const Figures& figures, system::Time now) {
  Exposition out;
  write_tallies(out, figures);
  write_providers(out, figures);
  write_feed(out, figures, condition_.get(), now);
  write_measures(out, condition_.measures());
  write_database(out, figures);
  write_server(out);
  metrics::write_build_info(out, "status_store_build_info");
  metrics::write_process(out);
  return out.take();
}

// Where there are too many providers, those that tell most come first.
std::vector<Tally> Metrics::bounded_tallies(const Figures& figures) {
  std::vector<Tally> tallies = figures.tallies;
  std::stable_sort(tallies.begin(), tallies.end(),
                   [](const Tally& a, const Tally& b) { return a.updates > b.updates; });
  std::map<std::pair<std::string, std::string>, Tally> sums;
  for (const Tally& tally : tallies) {
    const std::string provider = providers_.of(tally.provider);
    Tally& sum = sums[{provider, tally.kind}];
    sum = {provider, tally.kind, sum.incidents + tally.incidents, sum.open + tally.open,
           sum.updates + tally.updates};
  }
  tallies.clear();
  for (auto& [of, sum] : sums) {
    tallies.push_back(std::move(sum));
  }
  return tallies;
}

void Metrics::write_tallies(Exposition& out, const Figures& figures) {
  const std::vector<Tally> tallies = bounded_tallies(figures);
  out.counter("status_store_updates_total",
              "Status updates kept, each once; the provider is \"other\" beyond the first 500.");
  write_tally(out, tallies, &Tally::updates);
  out.gauge("status_store_incidents", "Incidents, maintenances and components known.");
  write_tally(out, tallies, &Tally::incidents);
  out.gauge("status_store_incidents_open", "Those of them that are not over.");
  write_tally(out, tallies, &Tally::open);
}

void Metrics::write_providers(Exposition& out, const Figures& figures) {
  std::map<std::string, system::Time> heard;
  for (const auto& [slug, provider] : figures.providers) {
    system::Time& last = heard[providers_.of(slug)];
    last = std::max(last, provider.last_heard_at);
  }
  out.gauge("status_store_provider_heard_timestamp_seconds",
            "When the last webhook of a provider arrived.");
  for (const auto& [provider, last] : heard) {
    out.sample(seconds_since_1970(last), {{"provider", provider}});
  }
  out.counter("status_store_unrecognised_total", "Webhook bodies of a shape that no format knows.")
      .sample(figures.unrecognised());
}

void Metrics::write_database(Exposition& out, const Figures& figures) const {
  out.gauge("status_store_database_bytes", "Size of the database on disk, with its WAL.")
      .sample(figures.database_bytes);
  out.gauge("status_store_search_lag_incidents",
            "Incidents whose newest text the search does not find yet.")
      .sample(static_cast<std::uint64_t>(figures.unsearched));
}

void Metrics::write_server(Exposition& out) const {
  if (server_ == nullptr) {
    return;
  }
  http::write_traffic(out, "status_store", *server_);
  out.gauge("status_store_event_readers", "Open streams of /events.")
      .sample(server_->traffic().streams.load());
}

}  // namespace monitor::store
