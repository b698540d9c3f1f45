#include "lib/json/pointer.h"

#include <boost/test/unit_test.hpp>

using namespace monitor;

BOOST_AUTO_TEST_SUITE(json_pointer)

BOOST_AUTO_TEST_CASE(the_pointers_of_rfc_6901_find_what_they_say) {
  const auto document = json::Document::parse(
      R"({"foo":["bar","baz",{"deep":"x"}],"":"empty","a/b":"1","m~n":"8","0":"zero","e":{"":"in"}})");
  BOOST_REQUIRE(document);
  const std::pair<const char*, const char*> cases[] = {
      {"/foo/0", "bar"}, {"/foo/2/deep", "x"}, {"/", "empty"}, {"/a~1b", "1"},
      {"/m~0n", "8"},    {"/0", "zero"},       {"/e/", "in"}};
  for (const auto& [pointer, expected] : cases) {
    BOOST_TEST(json::is_pointer(pointer), pointer);
    BOOST_TEST(json::find(document->root(), pointer).text() == expected, pointer);
  }
  BOOST_TEST(json::find(document->root(), "").is_object());
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_missing) {
  const auto document = json::Document::parse(R"({"foo":["bar"],"n":null,"t":"text"})");
  BOOST_REQUIRE(document);
  for (const char* pointer : {"/none", "/foo/1", "/foo/-", "/foo/01", "/foo/0x", "/foo/-1",
                              "/foo/99999999999999999999", "/t/0", "/n/x", "/foo/", "/foo/bar"}) {
    BOOST_TEST(!json::find(document->root(), pointer).present(), pointer);
  }
  BOOST_TEST(json::find(document->root(), "/n").is_null());
  BOOST_TEST(!json::find(json::View(), "").present());
}

BOOST_AUTO_TEST_CASE(what_is_no_pointer_finds_nothing) {
  const auto document = json::Document::parse(R"({"foo":"x","~":"y","~2":"z"})");
  BOOST_REQUIRE(document);
  for (const char* pointer : {"foo", "#/foo", "$.foo", "/~", "/~2", " /foo"}) {
    BOOST_TEST(!json::is_pointer(pointer), pointer);
    BOOST_TEST(!json::find(document->root(), pointer).present(), pointer);
  }
}

BOOST_AUTO_TEST_SUITE_END()
