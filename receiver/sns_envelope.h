// The envelope in which Amazon SNS delivers over HTTP(S): what it holds, what its signature is
// over, and which URLs in it may be asked. Pure; trusts nothing in the body.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/http/certificate.h"
#include "lib/json/document.h"

namespace monitor::receiver {

// The format whose bodies may come in an envelope.
inline constexpr std::string_view kSnsFormat = "aws";

struct SnsEnvelope {
  enum class Type { notification, subscription_confirmation, unsubscribe_confirmation };

  Type type = Type::notification;
  std::string topic;        // TopicArn, as told: not yet known to be true
  std::string signed_text;  // what the signature is over
  std::string signature;    // the bytes
  http::Certificate::Hash hash{};
  std::string certificate_url;
  std::string subscribe_url;  // of the confirmations

  // Does this body say that it is an envelope, whole or not? If so it has to be judged as one.
  static bool is_one(json::View body);
  // Nothing and `problem` filled in when a part is missing, doubled or of an unknown kind: others
  // might read another one of the doubled parts than the signed one.
  static std::optional<SnsEnvelope> parse(json::View body, std::string& problem);
};

// https, a host of Amazon SNS itself (sns.REGION.amazonaws.com, also .cn), no port, no user: what
// may be asked for when a message says so. A certificate is at the host of its topic's region and
// has no name but "/SimpleNotificationService-HEX.pem": nobody can have it fetched under many.
bool is_sns_url(std::string_view url);
bool is_sns_certificate_url(std::string_view url, std::string_view topic);

}  // namespace monitor::receiver
