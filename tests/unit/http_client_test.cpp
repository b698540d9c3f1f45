#include "lib/http/client.h"
#include "lib/http/origin.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/http/address.h"
#include "lib/http/server.h"

using namespace monitor;
using namespace std::chrono_literals;
using http::Client;
using http::Fetched;

namespace {

// Answers by path; what is asked at /never waits until the test is over.
class Site : public http::Handler {
 public:
  Site() { server_.start(*this); }
  ~Site() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    kept_.clear();
  }
  std::string url(const std::string& path) const { return server_.url() + path; }

 private:
  std::optional<http::Response> admit(const http::Request&) override { return std::nullopt; }
  void serve(http::Exchange exchange) override {
    const std::string path = exchange.request().path;
    if (path == "/never") {
      const std::lock_guard lock(mutex_);
      if (!over_) {  // a client that gave up may be heard after the end began
        kept_.push_back(std::move(exchange));
      }
    } else if (path == "/moved") {
      exchange.answer({.status = 302, .headers = {{"Location", url("/text")}}});
    } else if (path == "/echo") {
      const http::Request& request = exchange.request();
      exchange.answer({.status = 503,
                       .body = request.method + ' ' + request.header("X-Key").value_or("none") +
                               ' ' + request.body,
                       .headers = {{"Retry-After", "17"}}});
    } else if (path == "/large") {
      exchange.answer({.body = std::string(100'000, 'x')});
    } else {
      exchange.answer({.status = path == "/text" ? 200 : 404, .body = "text"});
    }
  }

  std::mutex mutex_;
  bool over_ = false;
  std::vector<http::Exchange> kept_;
  http::Server server_{http::ServerSettings{}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(an_answer_is_its_status_and_body) {
  Site site;
  Client client({.https_only = false});
  const Fetched found = client.get(site.url("/text"));
  BOOST_TEST(found.status == 200);
  BOOST_TEST(found.body == "text");
  BOOST_TEST(found.error.empty());
  BOOST_TEST(client.get(site.url("/other")).status == 404);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_an_answer_and_not_followed) {
  Site site;
  Client client({.https_only = false});
  BOOST_TEST(client.get(site.url("/moved")).status == 302);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_or_too_late_or_not_there_is_an_error) {
  Site site;
  Client client({.patience = 300ms, .max_body = 1000, .https_only = false});
  const Fetched large = client.get(site.url("/large"));
  BOOST_TEST(large.status == 0);
  BOOST_TEST(large.error == "the answer is too large");
  const Fetched late = client.get(site.url("/never"));
  BOOST_TEST(late.status == 0);
  BOOST_TEST(!late.error.empty());
  const int closed = http::port_of(http::listen_on("127.0.0.1", 0));
  BOOST_TEST(client.get("http://127.0.0.1:" + std::to_string(closed)).status == 0);
}

BOOST_AUTO_TEST_CASE(only_https_is_spoken_unless_told_otherwise) {
  Site site;
  Client client;
  BOOST_TEST(client.get(site.url("/text")).status == 0);
  BOOST_TEST(client.get("file:///etc/hostname").status == 0);
  BOOST_TEST(client.get("no url at all").status == 0);
}

BOOST_AUTO_TEST_CASE(giving_up_ends_what_is_under_way) {
  Site site;
  Client client({.patience = 1h, .https_only = false});
  std::thread ending([&] { client.give_up(); });
  const Fetched found = client.get(site.url("/never"));
  ending.join();
  BOOST_TEST(found.error == "given up, the program is ending");
}

BOOST_AUTO_TEST_CASE(a_request_is_sent_as_it_is_and_the_next_one_bears_nothing_of_it) {
  Site site;
  Client client({.https_only = false});
  const Fetched put = client.send(
      {.method = "PATCH", .url = site.url("/echo"), .headers = {"X-Key: one"}, .body = "a body"});
  BOOST_TEST(put.status == 503);
  BOOST_TEST(put.body == "PATCH one a body");
  BOOST_CHECK(put.retry_after == 17s);
  BOOST_TEST(client.get(site.url("/echo")).body == "GET none ");
  BOOST_CHECK(!client.get(site.url("/text")).retry_after);
}

BOOST_AUTO_TEST_CASE(of_a_long_answer_the_beginning_is_enough_where_that_will_do) {
  Site site;
  Client client({.max_body = 1000, .whole_body = false, .https_only = false});
  const Fetched large = client.get(site.url("/large"));
  BOOST_TEST(large.status == 200);
  BOOST_TEST(large.body == std::string(1000, 'x'));
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_into_a_private_network_is_not_asked) {
  Site site;
  Client client({.https_only = false, .no_private_names = true});
  BOOST_TEST(client.get(site.url("/text")).status == 200);  // the URL has the address itself
  std::string named = site.url("/text");
  named.replace(named.find("127.0.0.1"), 9, "name.localhost");  // which libcurl knows
  BOOST_TEST(client.get(named).error == "its name leads to an address of a private network");
  BOOST_TEST(Client({.https_only = false}).get(named).status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_asked_meanwhile_may_end_it) {
  Site site;
  Client client({.patience = 1h, .https_only = false, .interrupted = [] { return true; }});
  BOOST_TEST(client.get(site.url("/never")).error == "given up, the program is ending");
}

BOOST_AUTO_TEST_CASE(of_a_url_only_the_origin_is_told) {
  BOOST_TEST(http::origin_of("https://user:pw@hooks.example:8443/secret?token=x") ==
             "https://hooks.example:8443");
  BOOST_TEST(http::origin_of("http://[::1]:80/a") == "http://[::1]:80");
  BOOST_TEST(http::origin_of("https://hooks.example?{token}") == "https://hooks.example");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_has_no_origin) {
  for (const char* text : {"", "nonsense", "//", "https://", "https:///path", "https://a b/",
                           "https://a:x/", "https://a:65536/", "https://[::1/", "http:/a/b"}) {
    BOOST_TEST(http::origin_of(text) == "://", text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
