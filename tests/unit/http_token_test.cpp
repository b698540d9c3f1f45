#include "lib/http/token.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using http::Request;
using http::TokenCheck;

namespace {

constexpr const char kToken[] = "0123456789abcdef0123";
constexpr const char kOther[] = "fedcba9876543210fedc";

Request with_header(const std::string& value) {
  Request request;
  request.headers = {{"authorization", value}};
  return request;
}
Request with_parameter(const std::string& value) {
  Request request;
  request.parameters = {{"token", value}};
  return request;
}

const TokenCheck kCheck({kToken, kOther});

TokenCheck from_text(const std::string& text) {
  const tests::TempDir directory;
  tests::write_file(directory / "token", text);
  return TokenCheck::from_file(directory / "token");
}

void check_file_refused(const std::string& text, const std::string& expected) {
  BOOST_CHECK_EXCEPTION(from_text(text), system::ConfigError, [&](const auto& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
    return true;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_token_check)

BOOST_AUTO_TEST_CASE(each_token_is_accepted_in_each_of_three_places) {
  for (const std::string token : {kToken, kOther}) {
    BOOST_TEST(kCheck.accepts(with_header("Bearer " + token)));
    BOOST_TEST(kCheck.accepts(with_header("bEARER   " + token + " ")));
    BOOST_TEST(kCheck.accepts(with_parameter(token)));
  }
  // base64 of "user:TOKEN" and of ":TOKEN"
  BOOST_TEST(kCheck.accepts(with_header("Basic dXNlcjowMTIzNDU2Nzg5YWJjZGVmMDEyMw==")));
  BOOST_TEST(kCheck.accepts(with_header("basic OjAxMjM0NTY3ODlhYmNkZWYwMTIz")));
}

BOOST_AUTO_TEST_CASE(everything_else_is_not) {
  BOOST_TEST(!kCheck.accepts({}));
  for (const char* value :
       {"", "Bearer", "Bearer ", "Bearer x", "Bearer 0123456789abcdef012",
        "Bearer 0123456789abcdef01234", "Bearer 0123456789ABCDEF0123", "0123456789abcdef0123",
        "Token 0123456789abcdef0123", "Bearer0123456789abcdef0123", "Basic", "Basic ", "Basic !!!!",
        "Basic 0123456789abcdef0123", "Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM=",
        // "0123456789abcdef0123:", the token as the user
        "Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM6"}) {
    BOOST_TEST(!kCheck.accepts(with_header(value)), value);
  }
  for (const char* value : {"", "x", "0123456789abcdef012", " 0123456789abcdef0123"}) {
    BOOST_TEST(!kCheck.accepts(with_parameter(value)), value);
  }
}

BOOST_AUTO_TEST_CASE(a_password_may_hold_colons) {
  const TokenCheck check({"aa:bb"});
  BOOST_TEST(check.accepts(with_header("Basic dTphYTpiYg==")));
}

BOOST_AUTO_TEST_CASE(without_a_token_nobody_is_accepted) {
  const TokenCheck none;
  BOOST_TEST(none.empty());
  BOOST_TEST(!none.accepts({}));
  BOOST_TEST(!none.accepts(with_parameter("")));
  BOOST_TEST(!none.accepts(with_header("Bearer ")));
}

BOOST_AUTO_TEST_CASE(the_file_has_one_token_a_line) {
  const TokenCheck check = from_text(std::string("# for GitHub\n\n  ") + kToken + " \r\n" + kOther);
  BOOST_TEST(check.accepts(with_parameter(kToken)));
  BOOST_TEST(check.accepts(with_parameter(kOther)));
  BOOST_TEST(!check.accepts(with_parameter("# for GitHub")));
}

BOOST_AUTO_TEST_CASE(a_file_without_a_good_token_is_refused) {
  check_file_refused("", "it is empty or can't be read");
  check_file_refused("# nothing\n\n", "it holds no token");
  check_file_refused(std::string(kToken) + "\nshort\n", "line 2: the token has 5 characters");
  BOOST_CHECK_THROW(TokenCheck::from_file("/no/such/file"), system::ConfigError);
  BOOST_CHECK_THROW(TokenCheck::from_file("/"), system::ConfigError);
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_repeated) {
  try {
    from_text("secret");
    BOOST_ERROR("not refused");
  } catch (const system::ConfigError& error) {
    BOOST_TEST(std::string(error.what()).find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_challenge_asks_for_a_password) {
  const http::Response response = http::unauthorized();
  BOOST_TEST(response.status == 401);
  BOOST_TEST(response.headers.at(0).first == "WWW-Authenticate");
}

BOOST_AUTO_TEST_SUITE_END()
