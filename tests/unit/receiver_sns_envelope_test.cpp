#include "receiver/sns_envelope.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/fake_sns.h"
#include "tests/support/json.h"

using namespace monitor;
using receiver::SnsEnvelope;
using tests::Parts;

namespace {

Parts whole(Parts parts = tests::notification("m")) {
  parts["SignatureVersion"] = "2";
  parts["Signature"] = "c2lnbmVk";
  return parts;
}

std::string problem_of(const std::string& body) {
  std::string problem;
  const bool parsed = SnsEnvelope::parse(tests::Json(body).root(), problem).has_value();
  BOOST_TEST(parsed == problem.empty());
  return problem;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sns_envelope)

// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
BOOST_AUTO_TEST_CASE(the_signed_text_is_each_name_and_value_on_a_line_in_the_order_of_bytes) {
  std::string problem;
  const tests::Json body(tests::to_body(whole(tests::notification("two\nlines"))));
  const auto envelope = SnsEnvelope::parse(body.root(), problem);
  BOOST_REQUIRE(envelope);
  BOOST_TEST(envelope->signed_text ==
             "Message\ntwo\nlines\nMessageId\n0f0e0d0c-1111-4222-8333-444455556666\n"
             "Subject\nAWS Health\nTimestamp\n2026-03-04T05:06:07.123Z\nTopicArn\n" +
                 std::string(tests::kTopic) + "\nType\nNotification\n");
  BOOST_TEST(envelope->topic == tests::kTopic);
  BOOST_TEST(envelope->signature == "signed");
  Parts without_subject = whole();
  without_subject.erase("Subject");
  const tests::Json other(tests::to_body(without_subject));
  BOOST_TEST(SnsEnvelope::parse(other.root(), problem)->signed_text.find("Subject") ==
             std::string::npos);
  const tests::Json confirmation(tests::to_body(whole(tests::subscription_confirmation())));
  BOOST_TEST(SnsEnvelope::parse(confirmation.root(), problem)
                 ->signed_text.ends_with("\nToken\nt0\nTopicArn\n" + std::string(tests::kTopic) +
                                         "\nType\nSubscriptionConfirmation\n"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_doubled_or_of_another_kind_is_named) {
  for (const char* part : {"Message", "MessageId", "Timestamp", "TopicArn", "Signature",
                           "SignatureVersion", "SigningCertURL"}) {
    Parts parts = whole();
    parts.erase(part);
    BOOST_TEST(problem_of(tests::to_body(parts)).find(part) != std::string::npos, part);
    std::string doubled = tests::to_body(whole());
    doubled.insert(1, "\"" + std::string(part) + "\":\"x\",");
    BOOST_TEST(problem_of(doubled) == std::string(part) + " is there twice");
    std::string number = tests::to_body(parts);
    number.insert(1, "\"" + std::string(part) + "\":7,");
    BOOST_TEST(!problem_of(number).empty(), part);
  }
  std::string twice = tests::to_body(whole());
  twice.insert(1, R"("Subject":"x",)");
  BOOST_TEST(problem_of(twice) == "Subject is there twice");
  Parts odd = whole();
  odd["Type"] = "notification";
  BOOST_TEST(problem_of(tests::to_body(odd)) == "Type \"notification\" is unknown");
  odd = whole();
  odd["SignatureVersion"] = "3";
  BOOST_TEST(problem_of(tests::to_body(odd)) == "SignatureVersion is neither \"1\" nor \"2\"");
  odd = whole();
  odd["Signature"] = "not base64";
  BOOST_TEST(problem_of(tests::to_body(odd)) == "Signature is not base64");
  odd = whole(tests::subscription_confirmation());
  odd.erase("Token");
  BOOST_TEST(problem_of(tests::to_body(odd)) == "Token is missing");
}

BOOST_AUTO_TEST_CASE(no_second_message_hides_behind_thousands_of_parts) {
  std::string body = tests::to_body(whole());
  body.pop_back();
  for (int i = 0; i < 20'000; ++i) {
    body += ",\"x" + std::to_string(i) + "\":1";
  }
  BOOST_TEST(problem_of(body + R"(,"Message":"another"})") == "it has more than 32 parts");
}

BOOST_AUTO_TEST_CASE(what_is_half_an_envelope_is_judged_as_one) {
  BOOST_TEST(SnsEnvelope::is_one(tests::Json(R"({"TopicArn":7,"MessageId":null})").root()));
  BOOST_TEST(!SnsEnvelope::is_one(tests::Json(R"({"detail-type":"AWS Health Event"})").root()));
  BOOST_TEST(!SnsEnvelope::is_one(tests::Json("[]").root()));
}

BOOST_AUTO_TEST_CASE(only_hosts_of_sns_are_ever_asked) {
  BOOST_TEST(receiver::is_sns_url(tests::kSubscribeUrl));
  BOOST_TEST(receiver::is_sns_certificate_url(tests::kCertificateUrl, tests::kTopic));
  BOOST_TEST(receiver::is_sns_certificate_url(
      "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem",
      "arn:aws-cn:sns:cn-north-1:123456789012:health"));
  for (const char* url : {
           "http://sns.eu-north-1.amazonaws.com/a.pem",
           "https://sns.eu-north-1.amazonaws.com.evil.example/a.pem",
           "https://sns.eu-north-1.amazonaws.com:8443/a.pem",
           "https://sns.eu-north-1.amazonaws.com@evil.example/a.pem",
           "https://evil.example/sns.eu-north-1.amazonaws.com/a.pem",
           "https://evil.example#sns.eu-north-1.amazonaws.com/a.pem",
           "https://evil.example\\.sns.eu-north-1.amazonaws.com/a.pem",
           "https://evilsns.eu-north-1.amazonaws.com/a.pem",
           "https://sns.a.b.amazonaws.com/a.pem",
           "https://sns..amazonaws.com/a.pem",
           "https://sns.amazonaws.com/a.pem",
           "https://SNS.eu-north-1.amazonaws.com/a.pem",
           "https://s3.eu-north-1.amazonaws.com/a.pem",
           "https://sns.eu-north-1.amazonaws.com.cn.cn/a.pem",
           "https://sns.eu-north-1.amazonaws.com\n/a.pem",
           "ftp://sns.eu-north-1.amazonaws.com/a.pem",
           "https://",
           "",
       }) {
    BOOST_TEST(!receiver::is_sns_url(url), url);
    BOOST_TEST(!receiver::is_sns_certificate_url(url, tests::kTopic), url);
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_has_one_name_at_the_host_of_its_topics_region) {
  const std::string host = "https://sns.eu-north-1.amazonaws.com";
  for (const std::string& url :
       {std::string(tests::kSubscribeUrl), host + "/a.pem",
        host + "/SimpleNotificationService-.pem", host + "/x/../SimpleNotificationService-0a.pem",
        host + "/SimpleNotificationService-0A.pem", host + "/SimpleNotificationService-0a.pem?x=1",
        host + "//SimpleNotificationService-0a.pem",
        std::string("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem")}) {
    BOOST_TEST(!receiver::is_sns_certificate_url(url, tests::kTopic), url);
  }
}

BOOST_AUTO_TEST_SUITE_END()
