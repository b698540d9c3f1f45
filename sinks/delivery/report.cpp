#include "sinks/delivery/report.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "lib/metrics/exposition.h"
#include "lib/status/text.h"
#include "lib/system/log.h"
#include "lib/system/service.h"

namespace monitor::delivery {
namespace {

// Of a reason, in STATUS=: what `systemctl status` shows on a line.
constexpr std::size_t kMaxReason = 200;
constexpr std::chrono::seconds kBetweenFiles{10};

double seconds(system::Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

void Report::tell(const feed::Subscriber::Progress& progress, const Totals& totals,
                  std::uint64_t waiting, const Holdup& holdup) {
  std::string now = progress.following ? "following" : "waiting for the feed";
  now += fmt::format(", delivered {}, rejected {}, {} behind", totals.delivered, totals.rejected,
                     progress.lag);
  now += waiting > 0 ? fmt::format(", {} held back", waiting) : "";
  now += !progress.trouble.empty() ? ", " + progress.trouble
         : progress.silent         ? ", the feed is silent"
                                   : "";
  if (!holdup.why.empty()) {
    now += holdup.failing ? "; retrying: " : "; waiting: ";
    now += status::cut(status::to_line(holdup.why), kMaxReason);
  }
  failing_ = holdup.failing;
  if (std::exchange(status_, now) != now) {
    system::notify_status(now);
  }
  if (Clock::now() >= write_at_) {
    write_metrics(progress, totals, waiting);
  }
}

void Report::write_metrics(const feed::Subscriber::Progress& progress, const Totals& totals,
                           std::uint64_t waiting) {
  if (metrics_file_.empty()) {
    return;
  }
  write_at_ = Clock::now() + kBetweenFiles;
  metrics::Exposition out;
  const metrics::Exposition::Label of{"sink", sink_};
  out.counter("status_sink_delivered_total", "Updates delivered.").sample(totals.delivered, {of});
  out.counter("status_sink_rejected_total", "Updates that became dead letters.")
      .sample(totals.rejected, {of});
  out.counter("status_sink_muted_total", "Updates left out by --mute.").sample(totals.muted, {of});
  out.gauge("status_sink_lag_events", "Events published and not handled yet.")
      .sample(progress.lag, {of});
  out.gauge("status_sink_held_back_incidents", "Incidents that wait to be told in short.")
      .sample(waiting, {of});
  out.gauge("status_sink_retrying", "1 while a delivery does not work.")
      .sample(failing_ ? 1 : 0, {of});
  out.gauge("status_sink_feed_up", "1 while every receiver's feed is heard.")
      .sample(progress.following && !progress.silent ? 1 : 0, {of});
  if (totals.last_success) {
    out.gauge("status_sink_last_success_timestamp_seconds", "When the last delivery worked.")
        .sample(seconds(*totals.last_success), {of});
  }
  const std::string fresh = metrics_file_ + ".new";
  std::ofstream file(fresh);
  file << out.take();
  file.close();  // a full disk shows now
  const bool failed = !file || std::rename(fresh.c_str(), metrics_file_.c_str()) != 0;
  if (failed && !std::exchange(file_failed_, failed)) {
    system::log_warning(fmt::format("cannot write --metrics-file {}", metrics_file_));
  }
  file_failed_ = failed;
}

}  // namespace monitor::delivery
