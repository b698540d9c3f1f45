// Requests of which two servers in a row could make different things. After each of them comes a
// second request on the same connection: a part of a body must never be taken for one, what is in
// doubt is refused and ends the connection, and nothing of it is kept.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <optional>

#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

using namespace std::string_literals;

const std::string kBody = R"({"a":1})";
const std::string kChunks = "7\r\n" + kBody + "\r\n0\r\n\r\n";
// What comes after, and what would be reached if a body's bytes were a request.
const std::string kNext = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

std::string request(const std::string& line, const std::vector<std::string>& fields,
                    const std::string& rest) {
  std::string text = line + "\r\nHost: x\r\n";
  for (const std::string& field : fields) {
    text += field + "\r\n";
  }
  return text + "\r\n" + rest;
}
std::string post(const std::vector<std::string>& fields, const std::string& rest = kBody) {
  return request("POST /webhook/statuspage HTTP/1.1", fields, rest);
}
std::string chunked(const std::string& rest) { return post({"Transfer-Encoding: chunked"}, rest); }
std::string post_to(const std::string& target) {
  return request("POST " + target + " HTTP/1.1", {"Content-Length: 7"}, kBody);
}

struct Doubt {
  const char* name;
  std::string request;
};

// RFC 9112, 6.1 and 6.3: how long the body is.
const Doubt kLengths[] = {
    {"length and chunks", post({"Content-Length: 7", "Transfer-Encoding: chunked"}, kChunks)},
    {"chunks and length", post({"Transfer-Encoding: chunked", "Content-Length: 3"}, kChunks)},
    {"two lengths", post({"Content-Length: 7", "Content-Length: 8"}, kBody + " ")},
    {"a longer and a shorter one", post({"Content-Length: 8", "Content-Length: 7"}, kBody + " ")},
    {"the same length twice", post({"Content-Length: 7", "Content-Length: 7"})},
    {"a list of lengths", post({"Content-Length: 7, 7"})},
    {"a plus", post({"Content-Length: +7"})},
    {"a minus", post({"Content-Length: -7"})},
    {"hexadecimal", post({"Content-Length: 0x7"})},
    {"letters behind", post({"Content-Length: 7abc"})},
    {"no number", post({"Content-Length:"})},
    {"another kind of space", post({"Content-Length: \v7"})},
    {"more than 64 bits", post({"Content-Length: 18446744073709551623"})},
    {"unknown coding", post({"Transfer-Encoding: xchunked"}, kChunks)},
    {"no coding", post({"Transfer-Encoding: identity", "Content-Length: 7"})},
    {"chunked is not the last", post({"Transfer-Encoding: chunked, identity"}, kChunks)},
    {"packed chunks", post({"Transfer-Encoding: gzip, chunked"}, kChunks)},
    {"two codings", post({"Transfer-Encoding: chunked", "Transfer-Encoding: identity"}, kChunks)},
    {"a hidden coding", post({"Transfer-Encoding: \vchunked"}, kChunks)},
    {"chunks in HTTP/1.0",
     request("POST /webhook/statuspage HTTP/1.0", {"Transfer-Encoding: chunked"}, kChunks)},
    {"size 0x", chunked("0x7\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"size with a plus", chunked("+7\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"negative size", chunked("-7\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"space before the size", chunked(" 7\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"space behind the size", chunked("7 \r\n" + kBody + "\r\n0\r\n\r\n")},
    {"size of more than 64 bits", chunked("fffffffffffffffff7\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"no size", chunked("\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"no number as size", chunked("zz\r\n" + kBody + "\r\n0\r\n\r\n")},
    {"no end of a chunk", chunked("7\r\n" + kBody + "0\r\n\r\n")},
    {"junk behind a chunk", chunked("7\r\n" + kBody + "xx\r\n0\r\n\r\n")},
    {"a lone CR", chunked("7\r" + kBody + "\r\n0\r\n\r\n")},
    {"a trailer that is no field", chunked("7\r\n" + kBody + "\r\n0\r\nXXX\r\n\r\n")},
};

// RFC 9112, 2.2 and 5: what a line of the head is.
const Doubt kLines[] = {
    {"space before the colon of a length", post({"Content-Length : 7"})},
    {"space before the colon of a coding", post({"Transfer-Encoding : chunked"}, kChunks)},
    {"space before any colon", post({"X : a", "Content-Length: 7"})},
    {"a folded length", post({"Content-Length:\r\n 7"})},
    {"a folded coding", post({"Transfer-Encoding:\r\n chunked"}, kChunks)},
    {"any folded line", post({"X: a\r\n\tb", "Content-Length: 7"})},
    {"a first line that is folded",
     "POST /webhook/statuspage HTTP/1.1\r\n Host: x\r\nContent-Length: 7\r\n\r\n" + kBody},
    {"bare LF", post({"X: a\nContent-Length: 7"})},
    {"nothing but bare LF",
     "POST /webhook/statuspage HTTP/1.1\nHost: x\nContent-Length: 7\n\n" + kBody},
    {"bare CR", post({"X: a\rContent-Length: 3", "Content-Length: 7"})},
    {"NUL in a value", post({"X: a\0b"s, "Content-Length: 7"})},
    {"NUL in a length", post({"Content-Length: 7\0 1"s})},
    {"NUL in a coding", post({"Transfer-Encoding: chunked\0x"s}, kChunks)},
    {"NUL in a name", post({"X\0Y: a"s, "Content-Length: 7"})},
    {"NUL in the method", request("PO\0ST /webhook/statuspage HTTP/1.1"s, {}, "")},
    {"control character", post({"X: a\x01", "Content-Length: 7"})},
    {"no colon", post({"XYZ", "Content-Length: 7"})},
    {"no name", post({": x", "Content-Length: 7"})},
    {"two words as name", post({"X Y: x", "Content-Length: 7"})},
    {"no host", "POST /webhook/statuspage HTTP/1.1\r\nContent-Length: 7\r\n\r\n" + kBody},
    {"two hosts", post({"Host: y", "Content-Length: 7"})},
    {"a path as host",
     "POST /webhook/statuspage HTTP/1.1\r\nHost: a/b\r\nContent-Length: 7\r\n\r\n" + kBody},
    {"two spaces in the request line", post_to(" /webhook/statuspage")},
    {"HTTP/0.9", "GET /health\r\n"},
    {"HTTP/2's first words", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"TLS", "\x16\x03\x01\x02\x00\x01 \x01 \r\n\r\n"s},
    {"an unknown expectation", post({"Expect: wonders", "Content-Length: 7"})},
    {"a header of 64 KiB", post({"X: " + std::string(65536, 'a'), "Content-Length: 7"})},
    {"1000 headers", [] {
       std::vector<std::string> fields(1000, "X: a");
       fields.emplace_back("Content-Length: 7");
       return post(fields);
     }()}};

const Doubt kTargets[] = {
    {"absolute", post_to("http://x/webhook/statuspage")},
    {"absolute, of another", post_to("http://y/webhook/statuspage")},
    {"two slashes", post_to("//webhook//statuspage")},
    {"upwards", post_to("/webhook/../test")},
    {"in place", post_to("/./test")},
    {"an encoded letter", post_to("/%77ebhook/statuspage")},
    {"encoded dots", post_to("/webhook/%2e%2E/test")},
    {"encoded slash", post_to("/webhook%2fstatuspage")},
    {"encoded NUL", post_to("/webhook/statuspage%00/x")},
    {"NUL", post_to("/webhook/statuspage\0/x"s)},
    {"a broken code", post_to("/webhook/statuspage%zz")},
    {"half a code", post_to("/webhook/statuspage%")},
    {"a parameter of the path", post_to("/webhook/statuspage;a=b")},
    {"a fragment", post_to("/webhook/statuspage#a")},
    {"a slash behind", post_to("/webhook/statuspage/")},
    {"capitals", post_to("/Webhook/statuspage")},
    {"backslashes", post_to("\\webhook\\statuspage")},
    {"no slash", post_to("webhook/statuspage")},
    {"a space", post_to("/webhook/statuspage x")},
    {"64 KiB", post_to("/webhook/statuspage?" + std::string(65536, 'a'))},
    {"everything", request("OPTIONS * HTTP/1.1", {}, "")},
    {"a tunnel", request("CONNECT x:80 HTTP/1.1", {}, "")},
    {"an echo", request("TRACE /health HTTP/1.1", {}, "")},
    {"a small method", request("post /webhook/statuspage HTTP/1.1", {"Content-Length: 7"}, kBody)}};

// All that comes after it and the second request, until the server ends the connection; nothing
// when it doesn't.
std::optional<std::string> answers_to(int port, const std::string& request) {
  RawConnection connection(port);
  connection.send(request + kNext);
  std::string all;
  for (const Deadline deadline; !deadline.over();) {
    const std::string more = connection.receive_answer(deadline);
    if (more.empty()) {
      return all;
    }
    all += more;
  }
  return std::nullopt;
}

// 4xx, or 505 for another HTTP; and nobody looked at what came after.
void check_refused(int port, const Doubt& doubt) {
  BOOST_TEST_CONTEXT(doubt.name) {
    const auto answers = answers_to(port, doubt.request);
    BOOST_REQUIRE_MESSAGE(answers, "the connection stays open");
    const int status = status_of(*answers);
    BOOST_TEST(((status >= 400 && status < 500) || status == 505), *answers);
    BOOST_TEST(answers->find(" 200 ") == std::string::npos, *answers);
  }
}

// A store's request: it reads no bodies, and so the same heads are tried with a GET.
std::string as_get(std::string text) {
  const std::string line = "POST /webhook/statuspage ";
  return text.replace(text.find(line), line.size(), "GET /incidents ");
}

BOOST_AUTO_TEST_SUITE(Smuggling)

BOOST_AUTO_TEST_CASE(the_receiver_refuses_what_can_be_read_in_two_ways_and_keeps_nothing_of_it) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  for (const Doubt& doubt : kLengths) {
    check_refused(pipeline.receiver_port(), doubt);
  }
  for (const Doubt& doubt : kLines) {
    check_refused(pipeline.receiver_port(), doubt);
  }
  for (const Doubt& doubt : kTargets) {
    check_refused(pipeline.receiver_port(), doubt);
  }
  const std::string health = pipeline.client.get(pipeline.receiver_url("/health")).body;
  BOOST_TEST(health.find(R"("last_seq":0)") != std::string::npos, health);
  BOOST_TEST(health.find(R"("malformed":0)") == std::string::npos, health);
}

BOOST_AUTO_TEST_CASE(the_store_refuses_them_too) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.store = pipeline.start_store();
  for (const Doubt& doubt : kLengths) {
    // A GET's chunks are read and thrown away; where they end libmicrohttpd judges as above.
    check_refused(pipeline.store_port(), {doubt.name, as_get(doubt.request)});
  }
  for (const Doubt& doubt : kLines) {
    if (doubt.request.starts_with("POST /webhook/statuspage ")) {
      check_refused(pipeline.store_port(), {doubt.name, as_get(doubt.request)});
    }
  }
}

// libmicrohttpd takes these, and RFC 9112 some of them; whoever reads them otherwise must not get
// a second request past us.
BOOST_AUTO_TEST_CASE(nothing_after_a_body_in_chunks_is_read_as_a_request) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  for (const std::string& chunks :
       {kChunks, "7;a=b\r\n" + kBody + "\r\n0\r\n\r\n", "7;a\n" + kBody + "\r\n0\r\n\r\n",
        "007\r\n" + kBody + "\r\n0\r\n\r\n", "7\n" + kBody + "\n0\n\n",
        "7\r\n" + kBody + "\r\n0\r\nContent-Length: 50\r\nX : y\r\n\r\n"}) {
    BOOST_TEST_CONTEXT(chunks) {
      const auto answers = answers_to(pipeline.receiver_port(), chunked(chunks));
      BOOST_REQUIRE_MESSAGE(answers, "the connection stays open");
      BOOST_TEST(status_of(*answers) == 200);
      BOOST_TEST(answers->find("HTTP/1.1", 1) == std::string::npos, *answers);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_looks_like_a_request_is_a_body) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  for (const char* line :
       {"GET /nothing HTTP/1.1", "HEAD /nothing HTTP/1.1", "POST /nothing HTTP/1.1",
        "DELETE /webhook/statuspage HTTP/1.1", "POST /webhook/statuspage HTTP/1.1"}) {
    BOOST_TEST_CONTEXT(line) {
      RawConnection connection(pipeline.receiver_port());
      connection.send(
          request(line, {fmt::format("Content-Length: {}", kNext.size())}, kNext + kNext));
      // All of it, or as much as there is when it is kept open.
      const std::string answers =
          connection.receive_until("\"running\"", Deadline(std::chrono::seconds(1)));
      const std::size_t next = answers.find("HTTP/1.1 200");
      BOOST_TEST(status_of(answers) >= 400, answers);
      BOOST_TEST((next == std::string::npos ||
                  answers.find("HTTP/1.1 200", next + 1) == std::string::npos),
                 answers);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_beyond_doubt_is_taken_and_the_connection_stays) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  const std::string old = "POST /webhook/statuspage HTTP/1.0";
  const std::string good[] = {post({"Content-Length: 7"}),
                              post({"content-length:7"}),
                              post({"Content-Length:\t7"}),
                              post({"Content_Length: 3", "Content-Length: 7"}),
                              "\r\n" + post({"Content-Length: 7"}),
                              post({"Expect: 100-continue", "Content-Length: 7"}),
                              request(old, {"Connection: keep-alive", "Content-Length: 7"}, kBody)};
  for (const std::string& one : good) {
    BOOST_TEST_CONTEXT(one) {
      RawConnection connection(pipeline.receiver_port());
      connection.send(one + kNext);
      const std::string answers = connection.receive_until("\"running\"");
      BOOST_TEST(answers.find("\"accepted\"") != std::string::npos, answers);
      BOOST_TEST(answers.find("\"running\"") != std::string::npos, answers);
    }
  }
  const auto answers =
      answers_to(pipeline.receiver_port(), request(old, {"Content-Length: 7"}, kBody));
  BOOST_TEST(answers.value_or("").find("\"accepted\"") != std::string::npos);
}

// The check of the head relies on how libmicrohttpd uses its buffer.
BOOST_AUTO_TEST_CASE(heads_of_all_sizes_in_pieces_of_all_sizes_are_taken) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  RawConnection connection(pipeline.receiver_port());
  for (std::size_t size = 0; size < 4500; size += 97) {
    const std::string field = "X: " + std::string(size % 301, 'a');
    const std::string text = request("GET /health?" + std::string(size / 9, 'q') + " HTTP/1.1",
                                     std::vector<std::string>(size / 300, field), "");
    for (std::size_t at = 0; at < text.size(); at += size + 1) {
      connection.send(text.substr(at, size + 1));
    }
    const std::string answer = connection.receive_answer();
    BOOST_REQUIRE_MESSAGE(status_of(answer) == 200, size << ": " << answer);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
