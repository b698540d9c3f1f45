#include "lib/status/digest.h"

#include <boost/test/unit_test.hpp>

using monitor::status::digest;

BOOST_AUTO_TEST_SUITE(digest_of_fields)

BOOST_AUTO_TEST_CASE(fields_are_told_apart) {
  BOOST_TEST(digest({"ab", "c"}) != digest({"a", "bc"}));
  BOOST_TEST(digest({"a", ""}) != digest({"a"}));
  BOOST_TEST(digest({"a", "b"}) != digest({"b", "a"}));
}

// It is stored: another value in a later release would make every old update a new one.
BOOST_AUTO_TEST_CASE(it_is_the_same_in_every_release) {
  BOOST_TEST(digest({"kestrel", "incident"}) == "5b70c12ce26f16a7b4bb3cc67865a7f2");
}

BOOST_AUTO_TEST_SUITE_END()
