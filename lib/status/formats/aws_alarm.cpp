// CloudWatch alarms, as an alarm's SNS action and as EventBridge tell them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// What varies: older alarms have no ARN, composite ones no metric, those on many time series come
// once for each (the contributor); SNS names a region as the console does ("US West (Oregon)"). An
// alarm does not say how bad it is: minor.
#include "lib/status/digest.h"
#include "lib/status/formats/aws_events.h"
#include "lib/status/formats/building.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"
#include "lib/status/time.h"

namespace monitor::status::aws {
namespace {

struct Alarm {
  json::View name;
  json::View arn;
  json::View contributor;  // of an alarm on many time series: which of them
  json::View now;
  json::View before;
  json::View reason;
  json::View description;
  json::View changed_at;
  json::View sent_at;
  json::View name_space;  // of its metric: "AWS/EC2"
  json::View region;
};

// The first metric that has a namespace: an alarm on an expression lists the metrics it is made of.
json::View metric_space(json::View metrics, std::string_view stat, std::string_view metric,
                        std::string_view key) {
  json::View found;
  for (std::size_t i = 0; i < metrics.size() && !found.is_string(); ++i) {
    found = metrics.at(i)[stat][metric][key];
  }
  return found;
}

Alarm sns_alarm(json::View event, json::View sent_at) {
  const json::View trigger = event["Trigger"];
  const json::View own = trigger["Namespace"];
  return {
      .name = event["AlarmName"],
      .arn = event["AlarmArn"],
      .contributor = event["AlarmContributorId"],
      .now = event["NewStateValue"],
      .before = event["OldStateValue"],
      .reason = event["NewStateReason"],
      .description = event["AlarmDescription"],
      .changed_at = event["StateChangeTime"],
      .sent_at = sent_at,
      .name_space = own.is_string()
                        ? own
                        : metric_space(trigger["Metrics"], "MetricStat", "Metric", "Namespace"),
      .region = event["Region"],
  };
}

Alarm event_alarm(json::View event) {
  const json::View detail = event["detail"];
  const json::View settings = detail["configuration"];
  return {
      .name = detail["alarmName"],
      .arn = event["resources"].at(0),
      .contributor = detail["alarmContributor"]["id"],
      .now = detail["state"]["value"],
      .before = detail["previousState"]["value"],
      .reason = detail["state"]["reason"],
      .description = settings["description"],
      .changed_at = detail["state"]["timestamp"],
      .sent_at = event["time"],
      .name_space = metric_space(settings["metrics"], "metricStat", "metric", "namespace"),
      .region = event["region"],
  };
}

// "arn:aws:cloudwatch:us-west-2:123456789012:alarm:NAME" -> "us-west-2".
std::string arn_region(json::View arn) {
  std::string_view rest = arn.text();
  for (int field = 0; field < 3; ++field) {
    const std::size_t colon = rest.find(':');
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return cut(to_line(rest.substr(0, rest.find(':'))), kMaxName);
}

std::vector<Component> watched_by(const Alarm& alarm) {
  std::string service = name_text(alarm.name_space);
  if (service.starts_with("AWS/")) {
    service.erase(0, 4);
  }
  const std::string region = arn_region(alarm.arn);
  return service_in(service, region.empty() ? name_text(alarm.region) : region);
}

std::string alarm_id(const Alarm& alarm) {
  const std::string contributor = id_text(alarm.contributor);
  const std::string arn = id_text(alarm.arn);
  if (arn.empty()) {
    return made_id({"alarm", alarm.region.text(), alarm.name.text(), contributor});
  }
  return contributor.empty() ? arn : made_id({"contributor", arn, contributor});
}

// Neither a new alarm's first OK nor a quiet metric is a disturbance; no longer knowing about one
// that was there is.
Impact alarm_impact(const Alarm& alarm) {
  const std::string before = bare_word(alarm.before);
  const bool calm = bare_word(alarm.now) != "alarm";
  return calm && (before == "ok" || before == "insufficientdata") ? Impact::none : kUnratedImpact;
}

StatusUpdate read_alarm(const Alarm& alarm, const Origin& origin) {
  const std::string now = bare_word(alarm.now);
  auto time = parse_time(alarm.changed_at);
  if (!time) {
    time = parse_time(alarm.sent_at);
  }
  StatusUpdate update;
  update.name = name_text(alarm.name);
  update.incident_id = alarm_id(alarm);
  update.impact = alarm_impact(alarm);
  update.state =
      now == "ok" || update.impact == Impact::none ? State::resolved : State::investigating;
  update.components = watched_by(alarm);
  set_happened_at(update, time, origin);
  if (is_over(update.state)) {
    update.resolved_at = time;
  } else if (now == "alarm") {
    update.created_at = time;
  }
  const std::string why = first_message({alarm.reason, alarm.description});
  const std::string text = joined(update.name, why);
  update.message = why.empty()   ? title_message(update)
                   : now == "ok" ? told_as(update.state, text)
                                 : text;
  // The same whichever way it came.
  update.update_id = time ? digest({now, system::to_rfc3339(*time)}) : "";
  return update;
}

}  // namespace

StatusUpdate read_sns_alarm(json::View event, json::View sent_at, const Origin& origin) {
  return read_alarm(sns_alarm(event, sent_at), origin);
}

StatusUpdate read_alarm_event(json::View event, const Origin& origin) {
  return read_alarm(event_alarm(event), origin);
}

}  // namespace monitor::status::aws
