// Who may listen where without a token.
#include <boost/test/unit_test.hpp>

#include "lib/http/token.h"
#include "lib/system/error.h"

namespace monitor::http {
namespace {

BOOST_AUTO_TEST_SUITE(ExposureSuite)

BOOST_AUTO_TEST_CASE(a_public_address_needs_a_token_or_a_word) {
  BOOST_CHECK_THROW(check_exposure("0.0.0.0", "", false, "read"), system::ConfigError);
  BOOST_CHECK_THROW(check_exposure("::", "", false, "read"), system::ConfigError);
  BOOST_CHECK_NO_THROW(check_exposure("0.0.0.0", "/some/file", false, "read"));
  BOOST_CHECK_NO_THROW(check_exposure("0.0.0.0", "", true, "read"));
}

BOOST_AUTO_TEST_CASE(loopback_needs_nothing) {
  for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "localhost"}) {
    BOOST_CHECK_NO_THROW(check_exposure(host, "", false, "read"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::http
