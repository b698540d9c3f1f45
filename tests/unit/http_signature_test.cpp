#include "lib/http/signature.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace monitor;
using http::Request;
using http::SignatureCheck;
using http::SignatureScheme;

namespace {

// The published vector of Standard Webhooks.
constexpr const char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char kId[] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char kTimestamp[] = "1614265330";
constexpr const char kSigned[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr const char kBody[] = R"({"test": 2432232314})";
const system::Time kNow = system::from_microseconds(1614265330'000'000);

using Headers = std::vector<std::pair<std::string, std::string>>;

Request request(Headers headers, std::string body = kBody) {
  Request request;
  request.method = "POST";
  request.body = std::move(body);
  request.headers = std::move(headers);
  return request;
}

Headers standard(const std::string& signature, const std::string& timestamp = kTimestamp,
                 const std::string& id = kId) {
  return {{"Webhook-Id", id}, {"Webhook-Timestamp", timestamp}, {"Webhook-Signature", signature}};
}

SignatureCheck check(std::string_view scheme, const std::vector<std::string>& secrets) {
  return SignatureCheck(*http::signature_scheme(scheme), secrets);
}

// openssl dgst -sha256 -hmac 'a secret of a page' over {"incident":{}}
constexpr const char kPageSecret[] = "a secret of a page";
constexpr const char kPageBody[] = R"({"incident":{}})";
constexpr const char kPageHex[] =
    "0f44388e7fc0670cc09a025696a5ae0912ffe81b5d0a8dd56f1a3a2d42a079c0";
constexpr const char kPageBase64Sha512[] =
    "tMYcpqmq1koGXNhd7/gX/rx8wZZglSAal3m3MYjukRGCtDyZMld94NhgiMW8vMjab3pvENz3OWxc8J4T3/Y/dg==";

}  // namespace

BOOST_AUTO_TEST_SUITE(http_signature)

BOOST_AUTO_TEST_CASE(the_published_vector_is_good_and_only_it) {
  const auto checker = check("standard-webhooks", {kSecret});
  const std::string wrong = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=";
  const std::string good = kSigned;
  const struct {
    const char* what;
    Headers headers;
    bool taken;
  } cases[] = {
      {"as published", standard(good), true},
      {"second of several", standard(wrong + " " + good), true},
      {"after one of another kind", standard("v1a,abc " + good), true},
      {"first of several", standard(good + " " + wrong), true},
      {"wrong", standard(wrong), false},
      {"missing", {{"webhook-id", kId}, {"webhook-timestamp", kTimestamp}}, false},
      {"no id", {{"webhook-timestamp", kTimestamp}, {"webhook-signature", good}}, false},
      {"no time", {{"webhook-id", kId}, {"webhook-signature", good}}, false},
      {"empty", standard(""), false},
      {"no version", standard(good.substr(3)), false},
      {"another version", standard("v2" + good.substr(2)), false},
      {"upper-case version", standard("V1" + good.substr(2)), false},
      {"short", standard(good.substr(0, good.size() - 5)), false},
      {"without padding", standard(good.substr(0, good.size() - 1)), false},
      {"with something behind it", standard(good + "x"), false},
      {"joined by a comma", standard(wrong + "," + good), false},
      {"another id", standard(good, kTimestamp, "msg_2"), false},
      {"another time", standard(good, "1614265331"), false},
      {"time with a blank", standard(good, " 1614265330"), false},
      {"time that is none", standard(good, "soon"), false},
      {"time beyond all", standard(good, "99999999999999999999"), false},
      {"negative time", standard(good, "-1614265330"), false},
  };
  for (const auto& [what, headers, taken] : cases) {
    BOOST_TEST(!checker.refuse(request(headers), kNow).has_value() == taken, what);
  }
  Headers doubled = standard(good);
  doubled.emplace_back("webhook-signature", good);
  BOOST_TEST(checker.refuse(request(doubled), kNow).value() ==
             "header webhook-signature is there twice");
  BOOST_TEST(checker.refuse(request(standard(good), R"({"test":2432232314})"), kNow).has_value());
  const Headers svix{{"svix-id", kId}, {"svix-timestamp", kTimestamp}, {"svix-signature", good}};
  BOOST_TEST(!checker.refuse(request(svix), kNow).has_value());
}

BOOST_AUTO_TEST_CASE(a_signature_is_good_for_five_minutes_either_way) {
  const auto checker = check("standard-webhooks", {kSecret});
  const auto taken = [&](std::chrono::seconds away) {
    return !checker.refuse(request(standard(kSigned)), kNow + away).has_value();
  };
  using namespace std::chrono_literals;
  BOOST_TEST(taken(300s));
  BOOST_TEST(taken(-300s));
  BOOST_TEST(!taken(301s));
  BOOST_TEST(!taken(-301s));
}

BOOST_AUTO_TEST_CASE(while_a_secret_is_changed_the_old_and_the_new_are_good) {
  const std::string other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  BOOST_TEST(!check("standard-webhooks", {other, kSecret})
                  .refuse(request(standard(kSigned)), kNow)
                  .has_value());
  BOOST_TEST(
      check("standard-webhooks", {other}).refuse(request(standard(kSigned)), kNow).has_value());
}

BOOST_AUTO_TEST_CASE(pages_that_sign_the_body_in_one_header) {
  const std::string good = kPageHex;
  std::string upper = good;
  for (char& c : upper) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const std::pair<std::string, bool> cases[] = {{good, true},
                                                {upper, false},
                                                {good.substr(2), false},
                                                {good + "00", false},
                                                {"", false},
                                                {" " + good, false},
                                                {"sha256=" + good, false},
                                                {good.substr(1), false},
                                                {"1" + good.substr(1), false}};
  for (const char* scheme : {"instatus", "cachet"}) {
    const auto checker = check(scheme, {kPageSecret});
    const std::string header = http::signature_scheme(scheme)->header;
    for (const auto& [value, taken] : cases) {
      const auto refusal = checker.refuse(request({{header, value}}, kPageBody), kNow);
      BOOST_TEST(!refusal.has_value() == taken, value);
      BOOST_TEST(refusal.value_or("").find(kPageSecret) == std::string::npos);
      BOOST_TEST(refusal.value_or("").find(good) == std::string::npos);
    }
    BOOST_TEST(checker.refuse(request({}, kPageBody), kNow).has_value());
    BOOST_TEST(
        checker.refuse(request({{header, good}, {header, good}}, kPageBody), kNow).has_value());
    BOOST_TEST(checker.refuse(request({{header, good}}, R"({"incident": {}})"), kNow).has_value());
  }
}

BOOST_AUTO_TEST_CASE(any_header_prefix_encoding_and_hash_will_do) {
  SignatureScheme scheme = *http::signature_scheme("hmac");
  scheme.header = "X-Sig";
  scheme.prefix = "sha512=";
  scheme.encoding = SignatureScheme::Encoding::base64;
  scheme.hash = SignatureScheme::Hash::sha512;
  const SignatureCheck checker(scheme, {kPageSecret});
  const std::string good = kPageBase64Sha512;
  BOOST_TEST(!checker.refuse(request({{"x-sig", "sha512=" + good}}, kPageBody), kNow).has_value());
  BOOST_TEST(checker.refuse(request({{"x-sig", good}}, kPageBody), kNow).has_value());
  BOOST_TEST(
      checker.refuse(request({{"x-sig", "sha512=" + good + "="}}, kPageBody), kNow).has_value());
}

BOOST_AUTO_TEST_CASE(secrets_that_are_none_are_refused_without_being_shown) {
  for (const auto& [scheme, secret] :
       {std::pair{"standard-webhooks", "whsec_not base64!"},
        std::pair{"standard-webhooks", "whsec_c2hvcnQ="}, std::pair{"instatus", "shortone"},
        std::pair{"cachet", ""}}) {
    try {
      check(scheme, {secret});
      BOOST_ERROR("accepted");
    } catch (const std::invalid_argument& error) {
      BOOST_TEST((std::string_view(secret).empty() ||
                  std::string(error.what()).find(secret) == std::string::npos));
    }
  }
  BOOST_CHECK_THROW(check("instatus", {}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_we_sign_is_signed_as_published_with_each_secret) {
  const auto headers = http::Signer({kSecret}).headers(kId, kNow, kBody);
  BOOST_REQUIRE(headers.size() == 3U);
  BOOST_TEST(headers[0] == std::string("webhook-id: ") + kId);
  BOOST_TEST(headers[1] == std::string("webhook-timestamp: ") + kTimestamp);
  BOOST_TEST(headers[2] == std::string("webhook-signature: ") + kSigned);
  const std::string other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto both = http::Signer({other, kSecret}).headers(kId, kNow, kBody);
  BOOST_TEST(both[2].ends_with(std::string(" ") + kSigned));
  const std::string signatures = both[2].substr(both[2].find("v1,"));
  for (const std::string& secret : {other, std::string(kSecret)}) {
    BOOST_TEST(!check("standard-webhooks", {secret}).refuse(request(standard(signatures)), kNow));
  }
  BOOST_CHECK_THROW(http::Signer({"whsec_not base64!"}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
