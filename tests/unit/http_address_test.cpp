#include "lib/http/address.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "lib/system/error.h"

using namespace monitor;

BOOST_AUTO_TEST_SUITE(http_address)

BOOST_AUTO_TEST_CASE(only_this_machine_is_loopback) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "localhost"}) {
    BOOST_TEST(http::is_loopback(host), host);
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "126.255.255.255", "::2",
                           "::ffff:127.0.0.1", "", "no such host", "127.0.0.1 ", "127.0.0.256"}) {
    BOOST_TEST(!http::is_loopback(host), host);
  }
}

BOOST_AUTO_TEST_CASE(host_and_port_are_joined_as_in_urls) {
  BOOST_TEST(http::join_host_port("127.0.0.1", 80) == "127.0.0.1:80");
  BOOST_TEST(http::join_host_port("::1", 5000) == "[::1]:5000");
  BOOST_TEST(http::join_host_port("example.org", 1) == "example.org:1");
}

BOOST_AUTO_TEST_CASE(the_system_chooses_a_port_and_tells_it) {
  const system::Fd one = http::listen_on("127.0.0.1", 0);
  const system::Fd other = http::listen_on("127.0.0.1", 0);
  BOOST_TEST(http::port_of(one) > 0);
  BOOST_TEST(http::port_of(one) != http::port_of(other));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_listened_on_is_said_in_one_line) {
  const system::Fd taken = http::listen_on("127.0.0.1", 0);
  const int port = http::port_of(taken);
  const auto says = [](const std::string& expected) {
    return [expected](const system::Failure& error) {
      BOOST_TEST(error.what() == expected);
      return true;
    };
  };
  const std::string at = "127.0.0.1:" + std::to_string(port);
  BOOST_CHECK_EXCEPTION(http::listen_on("127.0.0.1", port), system::Failure,
                        says("cannot listen on " + at + ": Address already in use"));
  BOOST_CHECK_EXCEPTION(http::listen_on("192.0.2.1", 80), system::Failure,
                        says("cannot listen on 192.0.2.1:80: Cannot assign requested address"));
  BOOST_CHECK_THROW(http::listen_on("256.0.0.1", 80), system::Failure);
}

BOOST_AUTO_TEST_SUITE_END()
