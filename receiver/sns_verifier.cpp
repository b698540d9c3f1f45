#include "receiver/sns_verifier.h"

#include <fmt/format.h>

#include <chrono>

namespace monitor::receiver {
namespace {

using Kind = SnsVerdict::Kind;

// A region has one certificate at a time and changes it every few years.
constexpr std::size_t kMostCertificates = 32;
// Anybody may write a URL of Amazon's into a body; it shall not make us ask more often than this.
constexpr int kMostFetches = 10;
constexpr std::chrono::minutes kFetchesPer{1};

SnsVerdict refused(std::string reason) { return {Kind::refused, std::move(reason)}; }
SnsVerdict not_now(std::string reason) { return {Kind::not_now, std::move(reason)}; }

std::string why(const http::Fetched& fetched) {
  return fetched.status == 0 ? fetched.error : fmt::format("it answered {}", fetched.status);
}

}  // namespace

SnsVerdict SnsVerifier::verify(const SnsEnvelope& envelope, system::Time now) {
  if (!is_sns_certificate_url(envelope.certificate_url, envelope.topic)) {
    return refused(
        "SigningCertURL is not that of the topic's region: "
        "https://sns.REGION.amazonaws.com/SimpleNotificationService-....pem");
  }
  SnsVerdict verdict;
  const http::Certificate* const signer = certificate(envelope.certificate_url, now, verdict);
  if (signer == nullptr) {
    return verdict;
  }
  return signer->signed_by(envelope.hash, envelope.signed_text, envelope.signature)
             ? SnsVerdict{}
             : refused("Signature is not Amazon's over this message");
}

SnsVerdict SnsVerifier::confirm(const SnsEnvelope& envelope, system::Time now) {
  if (!is_sns_url(envelope.subscribe_url)) {
    return refused("SubscribeURL is not Amazon's: https://sns.REGION.amazonaws.com/...");
  }
  if (!may_fetch(now)) {
    return not_now("Amazon SNS was asked too often, it is tried again soon");
  }
  const http::Fetched fetched = fetcher_.get(envelope.subscribe_url);
  return fetched.status == 200 ? SnsVerdict{}
                               : not_now(fmt::format("cannot confirm the subscription of {}: {}",
                                                     envelope.topic, why(fetched)));
}

const http::Certificate* SnsVerifier::certificate(const std::string& url, system::Time now,
                                                  SnsVerdict& verdict) {
  const auto known = certificates_.find(url);
  if (known != certificates_.end() && known->second.valid_at(now)) {
    return &known->second;
  }
  if (!may_fetch(now)) {
    verdict = not_now("Amazon SNS was asked too often, it is tried again soon");
    return nullptr;
  }
  return fetch(url, now, verdict);
}

const http::Certificate* SnsVerifier::fetch(const std::string& url, system::Time now,
                                            SnsVerdict& verdict) {
  const http::Fetched fetched = fetcher_.get(url);
  if (fetched.status != 200) {
    verdict = not_now(fmt::format("cannot fetch the certificate {}: {}", url, why(fetched)));
    return nullptr;
  }
  auto certificate = http::Certificate::parse(fetched.body);
  if (!certificate || !certificate->valid_at(now)) {  // our clock may be wrong
    verdict = not_now(fmt::format("what is at {} is no certificate that is good now", url));
    return nullptr;
  }
  if (certificates_.size() >= kMostCertificates) {
    certificates_.clear();
  }
  return &certificates_.insert_or_assign(url, std::move(*certificate)).first->second;
}

bool SnsVerifier::may_fetch(system::Time now) {
  if (now - fetches_since_ >= kFetchesPer || now < fetches_since_) {
    fetches_since_ = now;
    fetches_ = 0;
  }
  return ++fetches_ <= kMostFetches;
}

}  // namespace monitor::receiver
