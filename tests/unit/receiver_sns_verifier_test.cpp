#include "receiver/sns_verifier.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "tests/support/fake_sns.h"
#include "tests/support/json.h"

using namespace monitor;
using namespace std::chrono_literals;
using receiver::SnsEnvelope;
using receiver::SnsVerdict;
using receiver::SnsVerifier;
using tests::Parts;
using Kind = SnsVerdict::Kind;

namespace {

const tests::SigningKey& amazons_key() {
  static const tests::SigningKey key;
  return key;
}

SnsEnvelope envelope(const std::string& body) {
  std::string problem;
  const auto parsed = SnsEnvelope::parse(tests::Json(body).root(), problem);
  BOOST_REQUIRE_MESSAGE(parsed, problem);
  return *parsed;
}

struct Fixture {
  tests::FakeAmazon amazon{amazons_key().certificate()};
  SnsVerifier verifier{amazon};
  system::Time now = system::now();

  SnsVerdict verdict(const std::string& body) { return verifier.verify(envelope(body), now); }
  SnsVerdict verdict(const Parts& parts, const std::string& version = "2") {
    return verdict(tests::signed_body(parts, amazons_key(), version));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sns_verifier, Fixture)

BOOST_AUTO_TEST_CASE(both_versions_are_verified_with_one_certificate_fetched_once) {
  for (const char* version : {"1", "2"}) {
    const SnsVerdict found = verdict(tests::notification("{\"a\":1}"), version);
    BOOST_TEST((found.kind == Kind::good), found.reason);
    BOOST_TEST((verdict(tests::subscription_confirmation(), version).kind == Kind::good));
  }
  BOOST_TEST(amazon.certificates == 1);
  BOOST_TEST(amazon.confirmations == 0);
}

BOOST_AUTO_TEST_CASE(whatever_is_changed_after_signing_is_refused) {
  for (const char* part : {"Message", "MessageId", "Subject", "Timestamp", "TopicArn"}) {
    Parts parts = tests::notification("m");
    const tests::Json body(tests::signed_body(parts, amazons_key()));
    parts["Signature"] = body["Signature"].text();
    parts["SignatureVersion"] = "2";
    parts[part] += "x";
    BOOST_TEST((verdict(tests::to_body(parts)).kind == Kind::refused), part);
  }
}

BOOST_AUTO_TEST_CASE(signatures_that_are_short_or_of_another_key_or_version_are_refused) {
  const tests::SigningKey other;
  BOOST_TEST((verdict(tests::signed_body(tests::notification("m"), other)).kind == Kind::refused));
  Parts parts = tests::notification("m");
  parts["SignatureVersion"] = "2";
  for (const std::string& signature :
       {std::string(), std::string("AAAA"), std::string(344, 'A') + "AAAA"}) {
    parts["Signature"] = signature;
    BOOST_TEST((verdict(tests::to_body(parts)).kind == Kind::refused), signature);
  }
  const tests::Json first(tests::signed_body(tests::notification("m"), amazons_key(), "1"));
  parts["Signature"] = first["Signature"].text();
  BOOST_TEST((verdict(tests::to_body(parts)).kind == Kind::refused));
}

BOOST_AUTO_TEST_CASE(a_certificate_from_elsewhere_is_not_even_fetched) {
  Parts parts = tests::notification("m");
  parts["SigningCertURL"] = "https://sns.eu-north-1.amazonaws.com.evil.example/a.pem";
  BOOST_TEST((verdict(parts).kind == Kind::refused));
  BOOST_TEST(amazon.certificates == 0);
}

BOOST_AUTO_TEST_CASE(while_the_certificate_can_not_be_had_the_sender_shall_come_again) {
  amazon.status = 500;
  const SnsVerdict found = verdict(tests::notification("m"));
  BOOST_TEST((found.kind == Kind::not_now));
  BOOST_TEST(found.reason.find("it answered 500") != std::string::npos, found.reason);
  amazon.status = 200;
  BOOST_TEST((verdict(tests::notification("m")).kind == Kind::good));
}

BOOST_AUTO_TEST_CASE(certificates_out_of_date_and_other_things_are_of_no_use) {
  const tests::SigningKey expired(-200, -100);
  const tests::SigningKey early(100, 200);
  for (const std::string& pem :
       {expired.certificate(), early.certificate(), std::string("<html>"), std::string()}) {
    tests::FakeAmazon elsewhere(pem);
    SnsVerifier strict(elsewhere);
    for (const tests::SigningKey* key : {&expired, &early}) {
      const auto body = tests::signed_body(tests::notification("m"), *key);
      const SnsVerdict found = strict.verify(envelope(body), now);
      BOOST_TEST((found.kind == Kind::not_now), pem);
      BOOST_TEST(found.reason.find("no certificate that is good now") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_ran_out_is_fetched_anew) {
  BOOST_TEST((verdict(tests::notification("m")).kind == Kind::good));
  now += 48h;
  BOOST_TEST((verdict(tests::notification("m")).kind == Kind::not_now));
  BOOST_TEST(amazon.certificates == 2);
}

BOOST_AUTO_TEST_CASE(nobody_can_make_us_ask_amazon_without_end) {
  for (int i = 0; i < 100; ++i) {
    Parts parts = tests::notification("m");
    parts["SigningCertURL"] = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-" +
                              std::to_string(i) + ".pem";
    verdict(parts);
  }
  BOOST_TEST(amazon.certificates == 10);
  BOOST_TEST((verdict(tests::notification("m")).kind == Kind::not_now));
  now += 1min;
  BOOST_TEST((verdict(tests::notification("m")).kind == Kind::good));
}

BOOST_AUTO_TEST_CASE(a_subscription_is_confirmed_by_one_request_to_amazon_alone) {
  SnsEnvelope wanted =
      envelope(tests::signed_body(tests::subscription_confirmation(), amazons_key()));
  BOOST_TEST((verifier.confirm(wanted, now).kind == Kind::good));
  BOOST_TEST(amazon.confirmations == 1);
  amazon.status = 403;
  BOOST_TEST((verifier.confirm(wanted, now).kind == Kind::not_now));
  wanted.subscribe_url = "https://metadata.example/?Action=ConfirmSubscription";
  BOOST_TEST((verifier.confirm(wanted, now).kind == Kind::refused));
  BOOST_TEST(amazon.confirmations == 2);
}

BOOST_AUTO_TEST_SUITE_END()
