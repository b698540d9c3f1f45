#include <algorithm>
#include <chrono>
#include <string>

#include "lib/http/traffic_metrics.h"
#include "lib/metrics/exposition.h"
#include "lib/metrics/process.h"
#include "receiver/report.h"

namespace monitor::receiver {
namespace {

using metrics::Exposition;

void write_labelled(Exposition& out, std::string_view label,
                    const metrics::LabelledCounter& counter) {
  for (const auto& [value, count] : counter.read()) {
    out.sample(count, {{label, value}});
  }
}

void write_webhooks(Exposition& out, const Counters& c) {
  out.counter("status_receiver_webhooks_total", "Webhooks answered 200.").sample(c.accepted.load());
  out.counter("status_receiver_tests_total", "Those of them that POST /test injected.")
      .sample(c.tests.load());
  out.counter("status_receiver_format_webhooks_total",
              "Webhooks answered 200, by their format; auto: of a shape that nobody knows.");
  write_labelled(out, "format", c.by_format);
  out.counter("status_receiver_provider_webhooks_total",
              "Webhooks answered 200, by provider; other: of providers that neither the catalogue "
              "nor --providers knows, beyond the first 200 of them.");
  write_labelled(out, "provider", c.by_provider);
  out.gauge("status_receiver_pending", "Webhooks that wait for the journal.")
      .sample(c.pending.load());
}

void write_server(Exposition& out, const Counters& c, const http::Server& server) {
  out.counter("status_receiver_refused_total", "Requests refused.");
  for (const Refusal& refusal : refusals(c, server)) {
    out.sample(refusal.count, {{"code", std::to_string(refusal.code)}, {"reason", refusal.reason}});
  }
  http::write_traffic(out, "status_receiver", server);
}

void write_journal(Exposition& out, const Counters& c, system::Time now) {
  out.gauge("status_receiver_journal_last_seq", "Newest event of the stream.")
      .sample(c.last_seq.load());
  out.gauge("status_receiver_journal_first_seq", "Oldest event kept.").sample(c.first_seq.load());
  out.gauge("status_receiver_journal_bytes", "Size of the journal.").sample(c.journal_bytes.load());
  if (const std::int64_t oldest = c.oldest_at.load(); oldest != 0) {
    const std::chrono::duration<double> age = now - system::from_microseconds(oldest);
    out.gauge("status_receiver_journal_oldest_age_seconds",
              "Time since the oldest event kept arrived; absent while none is kept.")
        .sample(std::max(age.count(), 0.0));
  }
  out.gauge("status_receiver_journal_failing", "1 while the journal can't be written.")
      .sample(c.trouble().empty() ? 0 : 1);
  out.counter("status_receiver_retired_total", "Events deleted by retention.")
      .sample(c.retired.load());
  out.gauge("status_receiver_journal_damaged",
            "Events found damaged on the disk since the start, which are not handed out.")
      .sample(c.damaged.load());
}

void write_commits(Exposition& out, const Counters& c) {
  out.histogram("status_receiver_commit_seconds",
                "Time that writing and syncing took, of each group of webhooks kept together.")
      .distribution(c.commit_time.read());
  out.histogram("status_receiver_commit_events", "Webhooks in such a group.")
      .distribution(c.commit_events.read());
}

void write_replay(Exposition& out, const Counters& c) {
  out.counter("status_receiver_replay_batches_total", "Replay requests answered.")
      .sample(c.replay_batches.load());
  out.counter("status_receiver_replay_events_total", "Events sent by replay.")
      .sample(c.replay_events.load());
  out.counter("status_receiver_replay_malformed_total", "Replay requests not understood.")
      .sample(c.replay_malformed.load());
  out.histogram("status_receiver_replay_seconds", "Time to read and pack one replay answer.")
      .distribution(c.replay_time.read());
}

void write_feed(Exposition& out, const Counters& c) {
  out.counter(
         "status_receiver_feed_connections_total",
         "Connections to the feed and the replay by tcp with a key; those neither admitted nor "
         "refused had no key, a wrong one of ours, or other things to say.")
      .sample(c.feed_connections.load());
  out.counter("status_receiver_feed_admitted_total", "Those of clients in --feed-clients.")
      .sample(c.feed_admitted.load());
  out.counter("status_receiver_feed_refused_total", "Those with a key that is not in it.")
      .sample(c.feed_refused.load());
}

}  // namespace

http::Response metrics(const Counters& counters, const http::Server& server, system::Time now) {
  Exposition out;
  write_webhooks(out, counters);
  write_server(out, counters, server);
  write_journal(out, counters, now);
  write_commits(out, counters);
  write_replay(out, counters);
  write_feed(out, counters);
  metrics::write_build_info(out, "status_receiver_build_info");
  metrics::write_process(out);
  return {.status = 200, .body = out.take(), .content_type = metrics::kExpositionType};
}

}  // namespace monitor::receiver
