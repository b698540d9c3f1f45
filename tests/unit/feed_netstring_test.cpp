// Several texts in one frame.
#include "lib/feed/netstring.h"

#include <boost/test/unit_test.hpp>

namespace monitor::feed {
namespace {

BOOST_AUTO_TEST_SUITE(NetstringSuite)

BOOST_AUTO_TEST_CASE(what_was_packed_comes_out_again) {
  const std::vector<std::string> texts{"hello", "", "{\"a\":\"1:x,\"}", std::string("\0,\n", 3)};
  std::string packed;
  for (const std::string& text : texts) {
    append_netstring(packed, text);
  }
  BOOST_TEST(packed.starts_with("5:hello,0:,"));
  const auto back = unpack_netstrings(packed);
  BOOST_REQUIRE(back);
  BOOST_TEST(*back == std::vector<std::string_view>(texts.begin(), texts.end()),
             boost::test_tools::per_element());
  BOOST_TEST(unpack_netstrings("")->empty());
}

BOOST_AUTO_TEST_CASE(what_is_cut_or_wrong_is_nothing) {
  const std::string packed = "5:hello,2:{},";
  for (std::size_t size = 1; size < packed.size(); ++size) {
    if (size != 8) {  // the end of the first
      BOOST_TEST(!unpack_netstrings(packed.substr(0, size)), packed.substr(0, size));
    }
  }
  for (const char* wrong : {"hello", ":,", "-1:,", "+1:a,", "5 :hello,", "4:hello,", "6:hello,",
                            "99999999999999999999:a,", "18446744073709551615:a,", "1:a;"}) {
    BOOST_TEST(!unpack_netstrings(wrong), wrong);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::feed
