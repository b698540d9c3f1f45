// What a client gets of an answer that it has already, or that it takes packed; and which pages of
// other origins may read it.
#include "lib/http/negotiation.h"

#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "lib/http/cross_origin.h"
#include "lib/system/error.h"

namespace monitor::http {
namespace {

const std::string kLong(5000, 'a');

Request asking(std::vector<std::pair<std::string, std::string>> headers = {},
               const std::string& method = "GET") {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

Response with_body(const std::string& body, const std::string& type = "application/json") {
  Response response;
  response.body = body;
  response.content_type = type;
  return response;
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return "none";
}

std::string unpacked(const std::string& packed) {
  std::string out(100'000, '\0');
  z_stream stream{};
  BOOST_REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_TEST(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

bool is_packed(const std::string& accept, const Response& plain = with_body(kLong)) {
  const Response answer =
      negotiate(asking({{"Accept-Encoding", accept}}), with_body(plain.body, plain.content_type));
  return header(answer, "Content-Encoding") == "gzip";
}

BOOST_AUTO_TEST_SUITE(http_negotiation)

BOOST_AUTO_TEST_CASE(what_a_client_has_is_not_sent_again) {
  const std::string tag = header(negotiate(asking(), with_body("x")), "ETag");
  BOOST_TEST(tag.starts_with("W/\""));
  for (const std::string& has : {tag, tag.substr(2), "\"other\", " + tag, std::string("*")}) {
    const Response answer = negotiate(asking({{"if-none-match", has}}), with_body("x"));
    BOOST_TEST(answer.status == 304, has);
    BOOST_TEST(answer.body.empty());
    BOOST_TEST(header(answer, "ETag") == tag);
    BOOST_TEST(header(answer, "Cache-Control") == "no-cache");
  }
  BOOST_TEST(negotiate(asking({{"If-None-Match", tag}}), with_body("y")).status == 200);
  BOOST_TEST(negotiate(asking({{"If-None-Match", tag}}, "HEAD"), with_body("x")).status == 304);
}

BOOST_AUTO_TEST_CASE(what_a_client_has_may_stand_in_several_lines_and_hold_commas) {
  Response with_tag = with_body("x");
  with_tag.etag = R"("a,b")";
  for (const char* has : {R"("a,b")", R"("x,y" , W/"a,b")", R"("z", "a,b", "c")"}) {
    Response answer = with_body("x");
    answer.etag = with_tag.etag;
    BOOST_TEST(negotiate(asking({{"If-None-Match", has}}), std::move(answer)).status == 304, has);
  }
  for (const char* has : {R"("a)", R"("a", b")", R"(a,b)", R"("b,"a,b)", R"(",")"}) {
    Response answer = with_body("x");
    answer.etag = with_tag.etag;
    BOOST_TEST(negotiate(asking({{"If-None-Match", has}}), std::move(answer)).status == 200, has);
  }
  const auto lines = asking({{"If-None-Match", R"("z")"}, {"if-none-match", R"("a,b")"}});
  BOOST_TEST(negotiate(lines, std::move(with_tag)).status == 304);
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_moment_has_no_tag) {
  Response moment = with_body("x");
  moment.lasting = false;
  const Response answer = negotiate(asking({{"If-None-Match", "*"}}), std::move(moment));
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(header(answer, "ETag") == "none");
  BOOST_TEST(header(answer, "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(other_methods_and_refusals_are_left_as_they_are) {
  BOOST_TEST(negotiate(asking({}, "POST"), with_body("x")).headers.empty());
  Response refusal = with_body("x");
  refusal.status = 404;
  BOOST_TEST(negotiate(asking({{"If-None-Match", "*"}}), std::move(refusal)).status == 404);
}

BOOST_AUTO_TEST_CASE(text_is_packed_for_whoever_takes_it) {
  const Response answer = negotiate(asking({{"Accept-Encoding", "gzip"}}), with_body(kLong));
  BOOST_TEST(answer.body.size() < kLong.size() / 10);
  BOOST_TEST(unpacked(answer.body) == kLong);
  BOOST_TEST(header(answer, "Vary") == "Accept-Encoding");
  BOOST_TEST(header(answer, "ETag") == header(negotiate(asking(), with_body(kLong)), "ETag"));
}

BOOST_AUTO_TEST_CASE(who_takes_it_is_read_as_rfc_9110_says) {
  for (const char* takes :
       {"gzip", "deflate, GZIP;q=0.5", "x-gzip", "*", "br, *;q=0.1", "identity;q=0, gzip"}) {
    BOOST_TEST(is_packed(takes), takes);
  }
  for (const char* refuses : {"", "identity", "gzip;q=0", "gzip; q=0.000", "gzip;x=1;q=0", "*;q=0",
                              "*, gzip;q=0", "gzipped"}) {
    BOOST_TEST(!is_packed(refuses), refuses);
  }
  BOOST_TEST(!is_packed("gzip", with_body("short")));
  BOOST_TEST(!is_packed("gzip", with_body(kLong, "image/png")));
  BOOST_TEST(is_packed("gzip", with_body(kLong, "image/svg+xml")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_cross_origin)

BOOST_AUTO_TEST_CASE(without_a_setting_no_header_says_anything) {
  Response response;
  CrossOrigin().allow(asking({{"Origin", "https://wall.example"}}), response);
  BOOST_TEST(response.headers.empty());
}

BOOST_AUTO_TEST_CASE(only_pages_of_that_origin_may_read) {
  const CrossOrigin origins({"https://wall.example"});
  Response response;
  origins.allow(asking({{"Origin", "https://wall.example"}}), response);
  BOOST_TEST(header(response, "Access-Control-Allow-Origin") == "https://wall.example");
  BOOST_TEST(header(response, "Vary") == "Origin");
  for (const char* other : {"https://wall.example.evil", "http://wall.example", "null"}) {
    Response refused;
    origins.allow(asking({{"Origin", other}}), refused);
    BOOST_TEST(header(refused, "Access-Control-Allow-Origin") == "none");
  }
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_to_those_and_allow_to_all) {
  const CrossOrigin origins({"*"});
  const Response any = origins.preflight(asking({{"Origin", "https://a"}}, "OPTIONS"), "GET, HEAD");
  BOOST_TEST(any.status == 204);
  BOOST_TEST(header(any, "Access-Control-Allow-Origin") == "*");
  BOOST_TEST(header(any, "Access-Control-Allow-Methods") == "GET, HEAD");
  const Response none = CrossOrigin().preflight(asking({{"Origin", "https://a"}}), "GET, HEAD");
  BOOST_TEST(header(none, "Allow") == "GET, HEAD");
  BOOST_TEST(header(none, "Access-Control-Allow-Methods") == "none");
}

BOOST_AUTO_TEST_CASE(what_would_never_match_is_refused) {
  for (const char* wrong :
       {"wall.example", "https://", "https://wall.example/", "https://Wall.example",
        "ftp://wall.example", "null", "https://a:443", "http://a:80"}) {
    BOOST_CHECK_THROW(CrossOrigin({wrong}), system::ConfigError);
  }
  BOOST_CHECK_NO_THROW(CrossOrigin({"http://[::1]:8080", "http://a:443", "https://a:80"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::http
