#include "receiver/sns_envelope.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "lib/http/base64.h"
#include "lib/status/text.h"

namespace monitor::receiver {
namespace {

using Type = SnsEnvelope::Type;

// In the order of the signed text, which is that of bytes; Subject only where there is one.
constexpr std::array<std::string_view, 6> kSignedOfNotification{"Message",   "MessageId", "Subject",
                                                                "Timestamp", "TopicArn",  "Type"};
constexpr std::array<std::string_view, 7> kSignedOfConfirmation{
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
constexpr std::string_view kMayBeMissing = "Subject";
// Amazon's have ten, and message attributes.
constexpr std::size_t kMostParts = 32;
constexpr std::array<std::string_view, 3> kSignatureParts{"Signature", "SignatureVersion",
                                                          "SigningCertURL"};

std::optional<Type> type_of(std::string_view word) {
  if (word == "Notification") {
    return Type::notification;
  }
  if (word == "SubscriptionConfirmation") {
    return Type::subscription_confirmation;
  }
  return word == "UnsubscribeConfirmation" ? std::optional(Type::unsubscribe_confirmation)
                                           : std::nullopt;
}

std::span<const std::string_view> signed_parts(Type type) {
  return type == Type::notification ? std::span<const std::string_view>(kSignedOfNotification)
                                    : std::span<const std::string_view>(kSignedOfConfirmation);
}

std::size_t count(json::View body, std::string_view key) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    found += body.key_at(i) == key ? 1 : 0;
  }
  return found;
}

// What is wrong with one part; "" for nothing.
std::string problem_of(json::View body, std::string_view key) {
  const std::size_t times = count(body, key);
  if (times == 0 && key == kMayBeMissing) {
    return "";
  }
  if (times != 1) {
    return fmt::format("{} is {}", key, times == 0 ? "missing" : "there twice");
  }
  return body[key].is_string() ? "" : fmt::format("{} is no string", key);
}

std::string problem_of_parts(json::View body, Type type) {
  for (const auto& parts :
       {signed_parts(type), std::span<const std::string_view>(kSignatureParts)}) {
    for (const std::string_view key : parts) {
      if (std::string problem = problem_of(body, key); !problem.empty()) {
        return problem;
      }
    }
  }
  return "";
}

std::string signed_text(json::View body, Type type) {
  std::string text;
  for (const std::string_view key : signed_parts(type)) {
    if (body[key].present()) {
      text.append(key).append("\n").append(body[key].text()).append("\n");
    }
  }
  return text;
}

std::optional<http::Certificate::Hash> hash_of(std::string_view version) {
  if (version == "1") {
    return http::Certificate::Hash::sha1;
  }
  return version == "2" ? std::optional(http::Certificate::Hash::sha256) : std::nullopt;
}

// Of an https URL without user and port; "" of any other.
struct Parts {
  std::string_view host;
  std::string_view path;
};
Parts parts_of(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  const bool odd = std::any_of(url.begin(), url.end(), [](char c) {
    return c <= ' ' || c == '\\' || c == '@' || c == '#' || static_cast<unsigned char>(c) >= 0x7f;
  });
  if (odd || !url.starts_with(kScheme)) {
    return {};
  }
  url.remove_prefix(kScheme.size());
  const std::size_t end = std::min(url.find('/'), url.size());
  return {url.substr(0, end), url.substr(end)};
}

// "arn:aws:sns:eu-north-1:123456789012:health" -> "eu-north-1".
std::string_view region_of(std::string_view topic) {
  for (int part = 0; part < 3; ++part) {
    topic.remove_prefix(std::min(topic.find(':') + 1, topic.size()));
  }
  return topic.substr(0, topic.find(':'));
}

bool is_hex(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_region(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

bool SnsEnvelope::is_one(json::View body) {
  return body["TopicArn"].present() && body["MessageId"].present();
}

std::optional<SnsEnvelope> SnsEnvelope::parse(json::View body, std::string& problem) {
  const auto type = type_of(body["Type"].text());
  if (!type) {
    problem = fmt::format("Type \"{}\" is unknown",
                          status::cut(status::to_line(body["Type"].text()), 40));
    return std::nullopt;
  }
  if (body.size() > kMostParts) {
    problem = fmt::format("it has more than {} parts", kMostParts);
    return std::nullopt;
  }
  problem = problem_of_parts(body, *type);
  const auto hash = hash_of(body["SignatureVersion"].text());
  const auto signature = http::from_base64(body["Signature"].text());
  if (problem.empty() && !hash) {
    problem = "SignatureVersion is neither \"1\" nor \"2\"";
  }
  if (problem.empty() && !signature) {
    problem = "Signature is not base64";
  }
  if (!problem.empty()) {
    return std::nullopt;
  }
  return SnsEnvelope{.type = *type,
                     .topic = std::string(body["TopicArn"].text()),
                     .signed_text = receiver::signed_text(body, *type),
                     .signature = *signature,
                     .hash = *hash,
                     .certificate_url = std::string(body["SigningCertURL"].text()),
                     .subscribe_url = std::string(body["SubscribeURL"].text())};
}

bool is_sns_url(std::string_view url) {
  std::string_view host = parts_of(url).host;
  constexpr std::string_view kBegin = "sns.";
  constexpr std::string_view kEnd = ".amazonaws.com";
  constexpr std::string_view kChina = ".cn";
  if (host.ends_with(kChina)) {
    host.remove_suffix(kChina.size());
  }
  if (!host.starts_with(kBegin) || !host.ends_with(kEnd) ||
      host.size() <= kBegin.size() + kEnd.size()) {
    return false;
  }
  return is_region(host.substr(kBegin.size(), host.size() - kBegin.size() - kEnd.size()));
}

bool is_sns_certificate_url(std::string_view url, std::string_view topic) {
  constexpr std::string_view kName = "/SimpleNotificationService-";
  constexpr std::string_view kSuffix = ".pem";
  const auto [host, path] = parts_of(url);
  const std::string here = fmt::format("sns.{}.amazonaws.com", region_of(topic));
  if (!is_sns_url(url) || !(host == here || host == here + ".cn") || !path.starts_with(kName) ||
      !path.ends_with(kSuffix) || path.size() <= kName.size() + kSuffix.size()) {
    return false;
  }
  return is_hex(path.substr(kName.size(), path.size() - kName.size() - kSuffix.size()));
}

}  // namespace monitor::receiver
