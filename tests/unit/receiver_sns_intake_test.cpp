// Webhooks of Amazon SNS as the receiver takes and refuses them, Amazon's side on loopback.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "receiver/intake.h"
#include "tests/support/deadline.h"
#include "tests/support/fake_sns.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/receiver_intake_fixture.h"

using namespace monitor;
using tests::HttpAnswer;
using tests::Parts;

namespace {

constexpr const char kToken[] = "shared-token-0123456";
constexpr const char kEntry[] = R"(
[[provider]]
slug = "our-aws"
name = "Our AWS"
topic_arns = ["arn:aws:sns:eu-north-1:123456789012:health"]
)";
constexpr const char kHealth[] =
    R"({"source":"aws.health","detail-type":"AWS Health Event","detail":{"eventArn":"arn:e","service":"EC2"}})";

const tests::SigningKey& amazons_key() {
  static const tests::SigningKey key;
  return key;
}

status::Providers providers_of(const std::string& toml) {
  const tests::TempDir directory;
  const std::string path = directory / "providers.toml";
  tests::write_file(path, toml);
  return status::Providers::with_user_file(path);
}

struct Fixture {
  tests::FakeAmazon amazon{amazons_key().certificate()};

  receiver::Policy policy(const std::string& toml, bool open = false) {
    return {providers_of(toml), http::TokenCheck(std::vector<std::string>{kToken}), open};
  }
};

std::string signed_health(const tests::SigningKey& key = amazons_key()) {
  return tests::signed_body(tests::notification(kHealth), key);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sns_intake, Fixture)

BOOST_AUTO_TEST_CASE(a_signed_message_of_a_known_topic_needs_no_token_on_any_path) {
  tests::Open open(policy(kEntry), 100, &amazon);
  for (const char* path : {"/webhook/aws", "/webhook/aws/our-aws", "/webhook/auto", "/webhook"}) {
    const HttpAnswer answer = open.post(path, signed_health());
    BOOST_TEST(answer.status == 200, answer.body);
    BOOST_TEST(contains(answer.body, "aws our-aws {"), answer.body);
  }
  BOOST_TEST(amazon.certificates == 1);
}

BOOST_AUTO_TEST_CASE(all_else_is_refused_with_its_reason) {
  tests::Open open(policy(kEntry), 100, &amazon);
  const tests::SigningKey strangers;
  Parts other_topic = tests::notification(kHealth);
  other_topic["TopicArn"] = "arn:aws:sns:eu-north-1:123456789012:other";
  Parts unsigned_parts = tests::notification(kHealth);
  const struct {
    const char* path;
    std::string body;
    const char* reason;
  } cases[] = {
      {"/webhook/aws", signed_health(strangers), "Signature is not Amazon's"},
      {"/webhook/aws", tests::signed_body(other_topic, amazons_key()), "is in no provider's"},
      {"/webhook/aws/github?token=shared-token-0123456", signed_health(),
       "is provider our-aws's, not github's"},
      {"/webhook/aws", tests::to_body(unsigned_parts), "Signature is missing"},
      {"/webhook/aws/our-aws", kHealth, "needs the token"},
      {"/webhook/statuspage/our-aws", R"({"incident":{"id":"x","name":"n"}})", "needs the token"},
  };
  for (const auto& [path, body, reason] : cases) {
    const HttpAnswer answer = open.post(path, body);
    BOOST_TEST(answer.status == 401, path << ' ' << answer.body);
    BOOST_TEST(contains(answer.body, reason), answer.body);
  }
  BOOST_TEST(open.counters.unauthorized == std::size(cases));
}

BOOST_AUTO_TEST_CASE(a_signed_message_that_nobody_understands_is_kept_all_the_same) {
  tests::Open open(policy(kEntry), 100, &amazon);
  const std::string body = tests::signed_body(tests::notification("plain words"), amazons_key());
  for (const char* path : {"/webhook/aws", "/webhook/auto/our-aws", "/webhook"}) {
    const HttpAnswer answer = open.post(path, body);
    BOOST_TEST(answer.status == 200, answer.body);
    BOOST_TEST(contains(answer.body, "aws our-aws {"), answer.body);
  }
}

BOOST_AUTO_TEST_CASE(without_a_topic_nobody_gets_in_by_an_envelope_even_where_all_is_open) {
  tests::Open open(policy("", true), 100, &amazon);
  BOOST_TEST(open.post("/webhook/aws", signed_health()).status == 401);
  BOOST_TEST(open.post("/webhook/aws", kHealth).status == 200);
  BOOST_TEST(amazon.certificates == 0);
}

BOOST_AUTO_TEST_CASE(raw_delivery_shows_the_token) {
  tests::Open open(policy(kEntry), 100, &amazon);
  const std::string path = std::string("/webhook/aws/our-aws?token=") + kToken;
  BOOST_TEST(open.post(path, kHealth).status == 200);
}

BOOST_AUTO_TEST_CASE(verify_false_takes_an_envelope_for_its_token) {
  const std::string entry = "[[provider]]\nslug = \"our-aws\"\nverify = false\n";
  tests::Open open(policy(entry), 100, &amazon);
  const std::string body = signed_health(tests::SigningKey());
  BOOST_TEST(open.post("/webhook/aws/our-aws", body).status == 401);
  BOOST_TEST(open.post(std::string("/webhook/aws/our-aws?token=") + kToken, body).status == 200);
  BOOST_TEST(amazon.certificates == 0);
}

BOOST_AUTO_TEST_CASE(a_token_of_the_providers_own_is_asked_for_besides_the_signature) {
  const std::string own = "own-token-0123456789";
  tests::Open open(policy(kEntry + ("token = \"" + own + "\"\n")), 100, &amazon);
  BOOST_TEST(open.post("/webhook/aws/our-aws", signed_health()).status == 401);
  BOOST_TEST(open.post("/webhook/aws/our-aws?token=" + own, signed_health()).status == 200);
}

BOOST_AUTO_TEST_CASE(a_subscription_is_confirmed_once_it_is_verified_and_kept_like_all_else) {
  tests::Open open(policy(kEntry), 100, &amazon);
  const tests::SigningKey strangers;
  const Parts wanted = tests::subscription_confirmation();
  BOOST_TEST(open.post("/webhook/aws", tests::signed_body(wanted, strangers)).status == 401);
  BOOST_TEST(amazon.confirmations == 0);
  const HttpAnswer answer = open.post("/webhook/aws", tests::signed_body(wanted, amazons_key()));
  BOOST_TEST(answer.status == 200, answer.body);
  BOOST_TEST(amazon.confirmations == 1);
  Parts ended = wanted;
  ended["Type"] = "UnsubscribeConfirmation";
  BOOST_TEST(open.post("/webhook/aws", tests::signed_body(ended, amazons_key())).status == 200);
  BOOST_TEST(amazon.confirmations == 1);
}

// Amazon answers nobody until it is let.
class SilentAmazon : public http::Fetcher {
 public:
  http::Fetched get(const std::string&) override {
    std::unique_lock lock(mutex_);
    asked_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return over_; });
    return {.error = "given up"};
  }
  void give_up() override {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  bool over_ = false;
};

BOOST_AUTO_TEST_CASE(nobody_else_waits_for_amazon_and_what_waits_is_bounded) {
  SilentAmazon silent;
  tests::Open open(policy(kEntry), 100, &silent);
  const std::string large =
      tests::signed_body(tests::notification(std::string(600'000, 'x')), amazons_key());
  std::vector<std::thread> senders;
  std::atomic<int> turned_back{0};
  for (int i = 0; i < 20; ++i) {
    senders.emplace_back([&] {
      tests::HttpClient client;
      turned_back += client.post(open.url("/webhook/aws"), large).status == 503 ? 1 : 0;
    });
  }
  silent.wait_until_asked();
  BOOST_TEST(tests::ask_until([&] { return open.counters.not_verified >= 10U; }));
  const std::string body = R"({"page":{},"incident":{"id":"x","name":"n"}})";
  const std::string path = std::string("/webhook/statuspage/kestrel?token=") + kToken;
  BOOST_TEST(open.post(path, body).status == 200);
  silent.give_up();
  for (std::thread& sender : senders) {
    sender.join();
  }
  BOOST_TEST(turned_back == 20);
}

BOOST_AUTO_TEST_CASE(while_amazon_does_not_answer_the_message_shall_come_again) {
  amazon.status = 500;
  tests::Open open(policy(kEntry), 100, &amazon);
  const HttpAnswer answer = open.post("/webhook/aws", signed_health());
  BOOST_TEST(answer.status == 503, answer.body);
  BOOST_TEST(answer.headers.at("retry-after") == "5");
  BOOST_TEST(open.counters.not_verified == 1U);
  amazon.status = 200;
  BOOST_TEST(open.post("/webhook/aws", signed_health()).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
