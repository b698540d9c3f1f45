#include "lib/http/head.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace monitor;
using http::CutHead;

namespace {

// As libmicrohttpd leaves it: separators and ends of lines are NULs.
struct Buffer {
  explicit Buffer(std::string_view first_field = {"X: a\0\0", 6})
      : bytes("GET\0/path\0HTTP/1.1\0\0", 20), fields_at(bytes.size()) {
    bytes += first_field;
    const std::size_t second = bytes.size();
    bytes += std::string("Host\0 x\0\0\0\0", 11);
    bytes[fields_at + 1] = '\0';  // the colon
    head = {.method = bytes.data(),
            .target = bytes.data() + 4,
            .target_size = 5,
            .version = bytes.data() + 10,
            .fields = {{bytes.data() + fields_at, bytes.data() + fields_at + 3},
                       {bytes.data() + second, bytes.data() + second + 6}}};
  }
  std::string bytes;
  std::size_t fields_at;
  CutHead head;
};

http::Request request(std::vector<std::pair<std::string, std::string>> headers) {
  http::Request head;
  head.headers = std::move(headers);
  return head;
}

bool taken(std::vector<std::pair<std::string, std::string>> headers,
           std::string_view version = "HTTP/1.1") {
  return !http::problem_of(request(std::move(headers)), version);
}

BOOST_AUTO_TEST_SUITE(HttpHead)

BOOST_AUTO_TEST_CASE(pieces_that_touch_one_another_are_cut_cleanly) {
  const Buffer buffer;
  BOOST_TEST(http::is_cut_cleanly(buffer.head));
}

BOOST_AUTO_TEST_CASE(what_a_nul_a_bare_lf_or_another_space_leaves_behind_is_seen) {
  BOOST_TEST(!http::is_cut_cleanly(Buffer({"X: a\0b\0\0", 8}).head));
  BOOST_TEST(!http::is_cut_cleanly(Buffer({"X: a\0\0\0\0", 8}).head));
  BOOST_TEST(!http::is_cut_cleanly(Buffer({"X: a\0", 5}).head));
  Buffer buffer;
  buffer.head.target_size = 4;  // a NUL in the target
  BOOST_TEST(!http::is_cut_cleanly(buffer.head));
  Buffer moved;
  moved.head.fields[0].value = moved.bytes.data();  // a folded line
  BOOST_TEST(!http::is_cut_cleanly(moved.head));
  Buffer last;
  last.bytes[last.bytes.size() - 3] = 'b';  // a NUL in the last value
  BOOST_TEST(!http::is_cut_cleanly(last.head));
}

BOOST_AUTO_TEST_CASE(the_length_of_a_body_is_said_once) {
  BOOST_TEST(taken({{"Host", "x"}, {"Content-Length", "1"}}));
  BOOST_TEST(taken({{"Host", "x"}, {"transfer-encoding", "Chunked"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"Content-Length", "1"}, {"content-length", "1"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"Transfer-Encoding", "identity"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"Transfer-Encoding", "gzip, chunked"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"Transfer-Encoding", "chunked"}}, "HTTP/1.0"));
}

BOOST_AUTO_TEST_CASE(names_are_words_and_values_hold_no_control_characters) {
  BOOST_TEST(taken({{"Host", "x"}, {"X-A_b.c~", "a\tb \xff"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"X ", "a"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"", "a"}}));
  BOOST_TEST(!taken({{"Host", "x"}, {"X", "a\rb"}}));
}

BOOST_AUTO_TEST_CASE(there_is_one_host_but_for_http_1_0) {
  BOOST_TEST(taken({}, "HTTP/1.0"));
  BOOST_TEST(!taken({}));
  BOOST_TEST(taken({{"Host", ""}}));
  BOOST_TEST(taken({{"Host", "[::1]:5000"}}));
  BOOST_TEST(!taken({{"Host", "a"}, {"host", "a"}}));
  BOOST_TEST(!taken({{"Host", "a/b"}}));
}

BOOST_AUTO_TEST_CASE(a_target_hides_nothing) {
  BOOST_CHECK(!http::problem_of_target("/a/%41?b=%2e%20"));
  for (const char* target : {"/a b", "/a\tb", "/%00", "/?a=%00", "/%2e%2E/b", "/%2%2e"}) {
    BOOST_CHECK_MESSAGE(http::problem_of_target(target), target);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
