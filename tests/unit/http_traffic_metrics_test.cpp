// What a server tells of the requests that it answered.
#include "lib/http/traffic_metrics.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/http_client.h"
#include "tests/support/raw_connection.h"

namespace monitor::http {
namespace {

struct Teapot : Handler {
  Teapot() { server.start(*this); }
  std::optional<Response> admit(const Request&) override { return std::nullopt; }
  void serve(Exchange exchange) override { exchange.answer(error_response(418, "a teapot")); }

  Server server{ServerSettings{.max_body = 10}};
};

BOOST_FIXTURE_TEST_CASE(answers_are_told_by_code_also_those_that_cut_a_body_off, Teapot) {
  tests::HttpClient client;
  client.get(server.url() + "/");
  client.get(server.url() + "/");
  tests::RawConnection chunked(server.port());
  chunked.send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
  BOOST_TEST(tests::status_of(chunked.receive_answer()) == 413);
  metrics::Exposition out;
  write_traffic(out, "program", server);
  const std::string text = out.take();
  for (const char* line : {"\nprogram_http_answers_total{code=\"418\"} 2\n",
                           "\nprogram_http_answers_total{code=\"413\"} 1\n",
                           "\nprogram_http_request_seconds_count 2\n"}) {
    BOOST_TEST(text.find(line) != std::string::npos, line << " in " << text);
  }
  BOOST_TEST(text.find("code=\"200\"") == std::string::npos);
}

}  // namespace
}  // namespace monitor::http
