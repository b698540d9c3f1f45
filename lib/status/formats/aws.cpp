// Amazon Web Services: Health events and CloudWatch alarms, by SNS (the event is a string in the
// envelope's Message, or the whole body with raw delivery) or by an EventBridge API destination.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
// What else is sent by SNS is not for us to know. Who signed an envelope is checked before it gets
// here. The events themselves: aws_health.cpp, aws_alarm.cpp.
#include "lib/status/format.h"
#include "lib/status/formats/aws_events.h"
#include "lib/status/formats/building.h"

namespace monitor::status {

extern const Format kAws;

namespace aws {

std::vector<Component> service_in(const std::string& service, const std::string& region) {
  if (service.empty()) {
    return {};
  }
  return {{"", region.empty() ? service : service + " (" + region + ")", std::nullopt}};
}

}  // namespace aws

namespace {

// `silent`: about the subscription itself, or an alarm's configuration.
enum class Shape { unknown, silent, health, sns_alarm, alarm_event };

struct Notice {
  std::optional<json::Document> message;  // what `event` is a part of, if it came in an envelope
  json::View event;
  json::View sent_at;  // of the envelope, else missing
  Shape shape = Shape::unknown;
};

bool is_envelope(json::View body) {
  return body["TopicArn"].text().starts_with("arn:") && body["MessageId"].is_string() &&
         body["Type"].is_string();
}

bool is_handshake(json::View envelope) {
  const std::string_view type = envelope["Type"].text();
  return type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation";
}

bool is_health(json::View event) {
  return (event["source"].text() == "aws.health" ||
          event["detail-type"].text().starts_with("AWS Health")) &&
         count_keys(event["detail"], {"eventArn", "eventTypeCode", "eventTypeCategory"}) >= 1;
}

Shape shape_of(json::View event) {
  const std::string_view type = event["detail-type"].text();
  if (is_health(event)) {
    return Shape::health;
  }
  if (type.starts_with("CloudWatch Alarm") && event["detail"]["alarmName"].is_string()) {
    return type.ends_with("State Change") ? Shape::alarm_event : Shape::silent;
  }
  const bool is_alarm = event["AlarmName"].is_string() && event["NewStateValue"].is_string();
  return is_alarm ? Shape::sns_alarm : Shape::unknown;
}

Notice notice_in(json::View body) {
  Notice notice;
  if (!is_envelope(body)) {
    notice.event = body;
    notice.shape = shape_of(body);
  } else if (is_handshake(body)) {
    notice.shape = Shape::silent;
  } else if ((notice.message = json::Document::parse(body["Message"].text()))) {
    notice.event = notice.message->root();
    notice.sent_at = body["Timestamp"];
    notice.shape = shape_of(notice.event);
  }
  return notice;
}

bool recognises(json::View body) { return notice_in(body).shape != Shape::unknown; }

std::vector<StatusUpdate> read(json::View body, const Origin& origin) {
  const Notice notice = notice_in(body);
  switch (notice.shape) {
    case Shape::health:
      return {aws::read_health_event(notice.event, origin)};
    case Shape::sns_alarm:
      return {aws::read_sns_alarm(notice.event, notice.sent_at, origin)};
    case Shape::alarm_event:
      return {aws::read_alarm_event(notice.event, origin)};
    default:
      return {};
  }
}

}  // namespace

const Format kAws{"aws", {}, {}, {}, recognises, read, "AWS"};

}  // namespace monitor::status
